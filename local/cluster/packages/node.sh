#!/usr/bin/env bash
# The one node: kubelet, kube-proxy, and the provisioner that makes a folder for every volume.

start_node() {
  start_kubelet
  start_kube_proxy
  keep_running volume-provisioner "$installed/volume-provisioner" \
    "--kubeconfig=$certificates/volume-provisioner.kubeconfig" --root "$volumes"
  wait_for kubelet 60 'the node to be Ready' node_is_ready
}

node_is_ready() { kubectl wait --for condition=Ready --timeout 1s "node/$node_name"; }

start_kubelet() {
  mkdir -p "$state/kubelet"
  configure "$configuration/kubelet.yaml" "$here/configuration/kubelet.yaml" "NODE_ADDRESS=$node_address" \
    "CERTIFICATES=$certificates" "SOCKET=$containerd_socket" "CGROUP=$cgroup_name" "DNS_ADDRESS=$dns_address" \
    "RESOLVER=$(resolver_file)" "STATE=$state"
  keep_running kubelet "$installed/kubelet" "--config=$configuration/kubelet.yaml" \
    "--kubeconfig=$certificates/kubelet.kubeconfig" --root-dir "$state/kubelet" --cert-dir "$state/kubelet/pki" \
    --hostname-override "$node_name" --node-ip "$node_address"
}

start_kube_proxy() {
  configure "$configuration/kube-proxy.yaml" "$here/configuration/kube-proxy.yaml" "CERTIFICATES=$certificates" \
    "POD_SUBNET=$pod_subnet" "NODE_NAME=$node_name" "NODE_ADDRESS=$node_address"
  keep_running kube-proxy "$installed/kube-proxy" "--config=$configuration/kube-proxy.yaml"
}

# The cluster's DNS forwards to these servers; a stub on loopback would be the pod itself.
resolver_file() {
  local systemd=/run/systemd/resolve/resolv.conf
  if [ -e "$systemd" ]; then echo "$systemd"; else echo /etc/resolv.conf; fi
}
