#!/usr/bin/env bash
# Takes the cluster that kubectl talks to at this moment. Its context is copied, so that a later change of context
# does not lead the scripts elsewhere.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../environment.sh"
. "$here/../../report.sh"

mkdir -p "$state"
if [ -e "$kubeconfig" ]; then
  say "using the context $(kubectl --kubeconfig "$kubeconfig" config current-context), as before"
else
  context=$(kubectl config current-context) || fail 'kubectl has no current context: kubectl config use-context NAME'
  say "using the context $context of ${KUBECONFIG:-$HOME/.kube/config}"
  (umask 077 && kubectl config view --minify --flatten --raw --context "$context" >"$kubeconfig.new")
  mv "$kubeconfig.new" "$kubeconfig"
fi
kubectl --kubeconfig "$kubeconfig" version >/dev/null || fail 'the cluster does not answer'
