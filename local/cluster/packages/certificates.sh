#!/usr/bin/env bash
# The cluster's own authority, a certificate for each of its parts, and their kubeconfigs. Made once per cluster.

make_certificates() {
  [ ! -e "$certificates/complete" ] || return 0
  rm -rf "$certificates"
  mkdir -p "$certificates"
  chmod 700 "$certificates"
  openssl_quietly req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=tiktok-lite \
    -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign \
    -keyout "$certificates/ca.key" -out "$certificates/ca.crt"
  make_key "$certificates/service-account.key"
  openssl_quietly pkey -in "$certificates/service-account.key" -pubout -out "$certificates/service-account.pub"

  issue kube-apiserver /CN=kube-apiserver serverAuth \
    "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:$node_address,IP:$first_service_address"
  issue etcd /CN=etcd serverAuth,clientAuth IP:127.0.0.1
  issue kubelet-server "/O=system:nodes/CN=system:node:$node_name" serverAuth "DNS:$node_name,IP:$node_address"
  issue kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client clientAuth
  issue front-proxy-client /CN=front-proxy-client clientAuth

  issue_kubeconfig admin /O=system:masters/CN=admin
  issue_kubeconfig kube-controller-manager /CN=system:kube-controller-manager
  issue_kubeconfig kube-scheduler /CN=system:kube-scheduler
  issue_kubeconfig kube-proxy /CN=system:kube-proxy
  issue_kubeconfig kubelet "/O=system:nodes/CN=system:node:$node_name"
  issue_kubeconfig volume-provisioner /CN=tiktok-lite:volume-provisioner
  install -m 600 "$certificates/admin.kubeconfig" "$kubeconfig"
  touch "$certificates/complete"
}

# issue NAME SUBJECT USAGE [NAMES]: a key and a certificate signed by the authority.
issue() {
  local name=$1 subject=$2 usage=$3 names=${4:-}
  make_key "$certificates/$name.key"
  openssl_quietly req -new -key "$certificates/$name.key" -subj "$subject" -out "$certificates/$name.csr"
  {
    echo "keyUsage=critical,digitalSignature"
    echo "extendedKeyUsage=$usage"
    [ -z "$names" ] || echo "subjectAltName=$names"
  } >"$certificates/$name.extensions"
  openssl_quietly x509 -req -days 3650 -CA "$certificates/ca.crt" -CAkey "$certificates/ca.key" -CAcreateserial \
    -in "$certificates/$name.csr" -extfile "$certificates/$name.extensions" -out "$certificates/$name.crt"
  rm "$certificates/$name.csr" "$certificates/$name.extensions"
}

issue_kubeconfig() {
  issue "$1" "$2" clientAuth
  configure "$certificates/$1.kubeconfig" "$here/configuration/kubeconfig.yaml" \
    "SERVER=https://$node_address:$api_port" "USER=$1" "AUTHORITY=$(base64 -w0 "$certificates/ca.crt")" \
    "CERTIFICATE=$(base64 -w0 "$certificates/$1.crt")" "KEY=$(base64 -w0 "$certificates/$1.key")"
}

make_key() { openssl_quietly genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# openssl tells of its progress where others tell of errors.
openssl_quietly() {
  local output
  output=$(openssl "$@" 2>&1) || { warn "openssl $1: $output"; return 1; }
}
