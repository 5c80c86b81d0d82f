#!/usr/bin/env bash
# A cluster of our own by kind, with the gateway's node port and the registry on loopback.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../environment.sh"
. "$here/../registry-container.sh"

mkdir -p "$state"
if ! kind get clusters 2>/dev/null | grep -qx tiktok-lite; then
  kind create cluster --name tiktok-lite --config "$here/cluster.yaml" --kubeconfig "$kubeconfig" --wait 3m
fi
docker start tiktok-lite-control-plane >/dev/null # stopped with the machine, perhaps
kind export kubeconfig --name tiktok-lite --kubeconfig "$kubeconfig"
serve_images tiktok-lite-control-plane kind
