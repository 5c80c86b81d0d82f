#!/usr/bin/env bash
# `make status`: what of the cluster and the platform runs, and what does not.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

if [ ! -e "$state/kind-of-cluster" ]; then
  say 'There is no cluster: make up makes one.'
  exit 0
fi
kind=$(<"$state/kind-of-cluster")
say "cluster: $kind (export KUBECONFIG=$kubeconfig)"
if [ -x "$here/cluster/$kind/status.sh" ]; then "$here/cluster/$kind/status.sh"; fi

export KUBECONFIG=$kubeconfig
kubectl version --request-timeout 3s >/dev/null 2>&1 || fail 'the API server does not answer: make up repairs the cluster'
echo
kubectl get tiktoklites --all-namespaces 2>/dev/null || say 'no platform yet: make up brings one'
unready=$(kubectl get pods --all-namespaces --no-headers | awk '{ split($3, ready, "/") } ready[1] != ready[2] && $4 != "Completed"')
[ -z "$unready" ] || printf '\npods that are not ready:\n%s\n' "$unready"
