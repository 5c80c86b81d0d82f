#!/usr/bin/env bash
# `make dev`: the operator and the demo platform by skaffold on the cluster of `make up`, and every saved file in the
# running pods a moment later. Ctrl-C ends the watching; what runs goes on, and `make up` puts the plain images back.
# dev.sh COMMAND ARGUMENT…: another command of skaffold, such as run, on the same cluster.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

main() {
  local tools kind
  [ $# -gt 0 ] || set -- dev --cleanup=false --port-forward=off
  kind=$("$here/cluster/choose.sh")
  [ -e "$kubeconfig" ] || bring_up "$kind"
  tools=$("$here/go-tools.sh" skaffold)

  export KUBECONFIG=$kubeconfig SKAFFOLD_DEFAULT_REPO=$registry
  export SKAFFOLD_CACHE_FILE=$cache/skaffold/images SKAFFOLD_CONFIG=$cache/skaffold/config SKAFFOLD_INTERACTIVE=false SKAFFOLD_UPDATE_CHECK=false
  [ "$kind" != packages ] || export SKAFFOLD_PROFILE=packages
  mkdir -p "$cache/skaffold"
  printf 'global:\n  collect-metrics: false\n  survey: {disable-prompt: true}\n' >"$SKAFFOLD_CONFIG"
  cd "$repository"
  exec "$tools/skaffold" "$@"
}

# Only the cluster: the platform is skaffold's business.
bring_up() {
  "$here/prerequisites.sh" "$1"
  if [ "$1" = packages ]; then
    "$here/packages.sh" cluster images
    "$here/binaries.sh"
  fi
  "$here/node-packages.sh"
  "$here/cluster/start.sh"
}

main "$@"
