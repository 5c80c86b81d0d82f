#!/usr/bin/env bash
# A cluster of our own by minikube, in Docker, with the gateway's node port and the registry on loopback.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../environment.sh"
. "$here/../registry-container.sh"

mkdir -p "$state"
KUBECONFIG=$kubeconfig minikube start --profile tiktok-lite --driver docker --container-runtime containerd \
  --ports "127.0.0.1:$gateway_port:$gateway_port" --addons metrics-server
serve_images tiktok-lite tiktok-lite
