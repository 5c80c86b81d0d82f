#!/usr/bin/env bash
# `make verify-counters` and `make replay-dead-letters`: a Job beside the platform in the cluster that is up, its log and
# its exit code; or, with SETTINGS=FILE of NAME=value lines, a process on this machine against those servers.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

script=$1
platform=${PLATFORM:-demo}
namespace=${NAMESPACE:-default}
start_seconds=120

main() {
  if [ -n "${SETTINGS:-}" ]; then
    exec node --env-file "$SETTINGS" "$repository/services/maintenance/$script.ts"
  fi
  [ -e "$state/kind-of-cluster" ] || fail "there is no cluster: \`make up\` makes one, and SETTINGS=FILE names other servers"
  export KUBECONFIG=$kubeconfig
  local deployment job
  deployment=$(in_namespace get deployment "$platform-like-writer" --output json) ||
    fail "there is no platform $platform in $namespace: name it with PLATFORM=… NAMESPACE=…"
  job=$(node "$here/maintenance-job.ts" "$script" <<<"$deployment" | in_namespace create --filename - --output name)
  wait_until "$start_seconds" "$job to start" has "$job" ready succeeded failed ||
    fail "$job does not start: \`kubectl --namespace $namespace describe $job\` says why"
  in_namespace logs --follow "$job"
  wait_until "$start_seconds" "$job to end" has "$job" succeeded failed || fail "$job does not end"
  has "$job" succeeded || fail "$job failed: its last lines say why"
}

in_namespace() { kubectl --namespace "$namespace" "$@"; }

# has JOB NAME…: one of these numbers of its status is not zero.
has() {
  local job=$1 name
  shift
  for name in "$@"; do
    [[ $(in_namespace get "$job" --output jsonpath="{.status.$name}") == [1-9]* ]] && return 0
  done
  return 1
}

main
