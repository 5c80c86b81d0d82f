#!/usr/bin/env bash
# Names, addresses and folders of the cluster from packages. Everything listens on loopback or on the pods' own bridge:
# nothing of it can be reached from another machine, except the node ports.

node_name=tiktok-lite
bridge=tiktok-lite0
network=tiktok-lite

pod_subnet=10.217.0.0/24
node_address=10.217.0.1
service_subnet=10.218.0.0/16
first_service_address=10.218.0.1
dns_address=10.218.0.10
api_port=16443

certificates=$state/certificates
configuration=$state/configuration
logs=$state/logs
volumes=$state/volumes
audit_log=$state/audit.log
records=$runtime/records
containerd_socket=$runtime/containerd/containerd.sock

# A proxy for the way out is not for the way in.
export NO_PROXY="${NO_PROXY:-${no_proxy:-}},127.0.0.1,localhost,$node_address,$service_subnet,$pod_subnet,.svc"
export no_proxy=$NO_PROXY

# render TEMPLATE NAME=VALUE…: prints a file of this folder with its {{NAME}}s filled in.
render() {
  local text pair
  text=$(<"$1")
  shift
  for pair in "$@"; do text=${text//"{{${pair%%=*}}}"/"${pair#*=}"}; done
  printf '%s\n' "$text"
}

# configure FILE TEMPLATE NAME=VALUE…: writes a rendered file; leaves an equal one untouched, because some daemons stop
# when their file is written.
configure() {
  local file=$1 text
  shift
  text=$(render "$@")
  mkdir -p "$(dirname "$file")"
  [ "$(cat "$file" 2>/dev/null)" = "$text" ] || (umask 077 && printf '%s\n' "$text" >"$file")
}
