#!/usr/bin/env bash
# etcd, the API server, the controllers and the scheduler.

start_control_plane() {
  start_etcd
  start_api_server
  start_controller_manager
  start_scheduler
}

# No fsync: this data is worth less than the disk's time.
start_etcd() {
  local client=https://127.0.0.1:12379
  keep_running etcd "$installed/etcd" --name "$node_name" --data-dir "$state/etcd" --unsafe-no-fsync \
    --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls http://127.0.0.1:12380 --initial-advertise-peer-urls http://127.0.0.1:12380 \
    --initial-cluster "$node_name=http://127.0.0.1:12380" \
    --client-cert-auth "--trusted-ca-file=$certificates/ca.crt" \
    "--cert-file=$certificates/etcd.crt" "--key-file=$certificates/etcd.key" \
    --auto-compaction-retention 1h --log-level warn
  wait_for etcd 20 etcd answers 127.0.0.1 12379
}

start_api_server() {
  configure "$configuration/audit-policy.yaml" "$here/configuration/audit-policy.yaml"
  keep_running kube-apiserver "$installed/kube-apiserver" \
    --bind-address "$node_address" --advertise-address "$node_address" --secure-port "$api_port" \
    "--tls-cert-file=$certificates/kube-apiserver.crt" "--tls-private-key-file=$certificates/kube-apiserver.key" \
    "--client-ca-file=$certificates/ca.crt" --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction \
    --etcd-servers https://127.0.0.1:12379 "--etcd-cafile=$certificates/ca.crt" \
    "--etcd-certfile=$certificates/etcd.crt" "--etcd-keyfile=$certificates/etcd.key" \
    --service-cluster-ip-range "$service_subnet" --service-account-issuer https://kubernetes.default.svc.cluster.local \
    "--service-account-key-file=$certificates/service-account.pub" \
    "--service-account-signing-key-file=$certificates/service-account.key" \
    --kubelet-preferred-address-types InternalIP "--kubelet-certificate-authority=$certificates/ca.crt" \
    "--kubelet-client-certificate=$certificates/kubelet-client.crt" "--kubelet-client-key=$certificates/kubelet-client.key" \
    "--requestheader-client-ca-file=$certificates/ca.crt" --requestheader-allowed-names front-proxy-client \
    --requestheader-extra-headers-prefix X-Remote-Extra- --requestheader-group-headers X-Remote-Group \
    --requestheader-username-headers X-Remote-User --enable-aggregator-routing \
    "--proxy-client-cert-file=$certificates/front-proxy-client.crt" "--proxy-client-key-file=$certificates/front-proxy-client.key" \
    "--audit-policy-file=$configuration/audit-policy.yaml" "--audit-log-path=$audit_log" \
    --audit-log-maxsize 50 --audit-log-maxbackup 2 \
    --allow-privileged --profiling=false
  wait_for kube-apiserver 60 'the API server' kubectl get --raw /readyz
}

start_controller_manager() {
  keep_running kube-controller-manager "$installed/kube-controller-manager" \
    "--kubeconfig=$certificates/kube-controller-manager.kubeconfig" --leader-elect=false --bind-address 127.0.0.1 \
    --use-service-account-credentials "--root-ca-file=$certificates/ca.crt" \
    "--service-account-private-key-file=$certificates/service-account.key" \
    "--cluster-signing-cert-file=$certificates/ca.crt" "--cluster-signing-key-file=$certificates/ca.key" \
    --secure-port 12257 --profiling=false
}

start_scheduler() {
  keep_running kube-scheduler "$installed/kube-scheduler" "--kubeconfig=$certificates/kube-scheduler.kubeconfig" \
    --leader-elect=false --bind-address 127.0.0.1 --secure-port 12259 --profiling=false
}
