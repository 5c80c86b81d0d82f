#!/usr/bin/env bash
# Installs the operator and the sample platform into the cluster that is up, and waits until the platform is Ready.
# platform.sh REFERENCES: a file of NAME=reference lines, as images.sh prints them
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

export KUBECONFIG=$kubeconfig
sample=$repository/manifests/samples/minimal.yaml
ready_timeout_seconds=300

main() {
  install_operator "$1"
  kubectl apply --filename "$sample"
  wait_until_ready || explain_and_fail
}

# Waits until the operator runs, so that a wrong image shows here and not as silence later.
install_operator() {
  local name reference values=()
  while IFS='=' read -r name reference; do
    case $name in
      operator) values+=(--set-string "image.repository=${reference%:*}" --set-string "image.tag=${reference##*:}") ;;
      object-store) values+=(--set-string "images.objectStore=$reference") ;;
      *) values+=(--set-string "images.$name=$reference") ;;
    esac
  done <"$1"
  # In a cluster of our own a definition may be there from a release that is gone, such as a test's: it is adopted.
  [ "$(<"$state/kind-of-cluster")" = current ] || values+=(--take-ownership)
  helm upgrade --install tiktok-lite-operator "$repository/charts/tiktok-lite-operator" \
    --namespace tiktok-lite-system --create-namespace "${values[@]}" --wait --timeout 3m >/dev/null ||
    { show_pods tiktok-lite-system; fail 'the operator did not start'; }
}

# Prints each condition whenever it changes; those that only repeat what another says are left out.
wait_until_ready() {
  local started=$SECONDS deadline=$((SECONDS + ready_timeout_seconds)) seen='' now line
  while [ "$SECONDS" -lt "$deadline" ]; do
    now=$(conditions || true)
    while IFS= read -r line; do
      [ -z "$line" ] || grep -qxF -- "$line" <<<"$seen" || printf '%5d s  %s\n' $((SECONDS - started)) "$line"
    done < <(awk '{ said = $0; sub(/^[^ ]* /, "", said) } !(said in known) { known[said] = 1; print }' <<<"$now")
    seen=$now
    ! is_ready || return 0
    sleep 1
  done
  return 1
}

conditions() {
  kubectl get --filename "$sample" --output go-template='{{range .status.conditions}}{{.type}}={{.status}} {{.reason}}{{with .message}}: {{.}}{{end}}{{"\n"}}{{end}}' 2>/dev/null
}

# A condition speaks of the object as it was when it was last looked at.
is_ready() {
  local state
  state=$(kubectl get --filename "$sample" --output jsonpath='{.metadata.generation} {.status.observedGeneration} {.status.conditions[?(@.type=="Ready")].status}')
  [[ $state =~ ^([0-9]+)\ ([0-9]+)\ True$ && ${BASH_REMATCH[1]} = "${BASH_REMATCH[2]}" ]]
}

explain_and_fail() {
  warn "the platform is not Ready after $ready_timeout_seconds s"
  kubectl describe --filename "$sample" | sed -n '/^Status:/,$p' >&2
  show_pods "$(kubectl get --filename "$sample" --output jsonpath='{.metadata.namespace}')"
  kubectl --namespace tiktok-lite-system logs deployment/tiktok-lite-operator --tail 30 >&2 || true
  fail "look further with: KUBECONFIG=$kubeconfig kubectl get pods,events --all-namespaces"
}

# The pods of a namespace, and the last words of those that are not ready.
show_pods() {
  local pod
  kubectl --namespace "$1" get pods >&2 || true
  for pod in $(kubectl --namespace "$1" get pods --no-headers | awk '{ split($2, ready, "/") } ready[1] != ready[2] && $3 != "Completed" { print $1 }'); do
    warn "last words of $pod:"
    kubectl --namespace "$1" logs "$pod" --all-containers --tail 20 >&2 || true
    kubectl --namespace "$1" get events --field-selector "involvedObject.name=$pod" --sort-by .lastTimestamp --no-headers | tail -n 5 >&2 || true
  done
}

main "$@"
