#!/usr/bin/env bash
# Deletes our cluster of minikube and its registry.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../environment.sh"
. "$here/../registry-container.sh"

remove_registry # first: minikube deletes the network that it is in
KUBECONFIG=$kubeconfig minikube delete --profile tiktok-lite
