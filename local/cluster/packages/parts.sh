#!/usr/bin/env bash
# Everything that the cluster from packages is made of. Sourced by its start, stop and status.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../environment.sh"
. "$here/../../report.sh"
. "$here/addresses.sh"
for part in processes cgroup machine network certificates registry containerd control-plane node addons; do
  . "$here/$part.sh"
done

# The folder of this version, not the link to it: a new version means new arguments, and so a restart.
installed=$(readlink -f "$binaries" || true)
binaries_version=${installed##*/}

# Started in this order.
daemons=(docker-registry etcd kube-apiserver kube-controller-manager kube-scheduler containerd kubelet kube-proxy volume-provisioner)

# kubectl from here on talks to this cluster and no other.
export KUBECONFIG=$kubeconfig
