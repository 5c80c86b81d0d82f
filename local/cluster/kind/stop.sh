#!/usr/bin/env bash
# Deletes our cluster of kind and its registry.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../environment.sh"
. "$here/../registry-container.sh"

kind delete cluster --name tiktok-lite --kubeconfig "$kubeconfig"
remove_registry
