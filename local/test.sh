#!/usr/bin/env bash
# `make test`: installs what the tests need, then runs every suite, also after one has failed.
# `test.sh lint`, `test.sh unit` and so on run one suite and install nothing but npm packages.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"
. "$here/jobs.sh"

suites=(lint manifests unit go services api properties cluster acceptance)
beside_services=transcoding # both mostly wait, and each starts servers of its own
failed=()
outputs=$(mktemp --directory) # what each suite printed

main() {
  cd "$repository"
  if [ $# -gt 0 ]; then
    trap 'stop_our_cluster; rm -rf "$outputs"' EXIT
    "$here/node-packages.sh"
    run_suite "$1"
  else
    prepare
    trap 'end_jobs; stop_our_cluster; rm -rf "$outputs"' EXIT # also when somebody presses Ctrl-C
    for suite in "${suites[@]}"; do
      if [ "$suite" = services ]; then run_beside "$beside_services" services; else run_suite "$suite"; fi
    done
    print_step_times
    for suite in "${failed[@]}"; do print_failures "$suite"; done
  fi
  [ ${#failed[@]} -eq 0 ] || fail "failed: ${failed[*]}"
}

prepare() {
  "$here/prerequisites.sh" test
  beside 'Kubernetes binaries' "$here/binaries.sh"
  step 'Debian packages' "$here/packages.sh" cluster images tests
  step 'npm packages' "$here/node-packages.sh"
  await 'Kubernetes binaries'
}

run_suite() {
  local suite=$1 started=$SECONDS status=0 copy
  say "━━ $suite"
  exec 3>&1
  "suite_$suite" > >(tee "$outputs/$suite" >&3) 2>&1 3>&- || status=$?
  copy=$!
  wait "$copy" || true
  conclude "$suite" "$status" $((SECONDS - started))
}

# run_beside SUITE OTHER: what SUITE prints comes when OTHER, which runs meanwhile, is done.
run_beside() {
  local suite=$1 other=$2 started=$SECONDS status=0 job
  set -m # a process group of its own, so that all of it can be ended
  "suite_$suite" >"$outputs/$suite" 2>&1 </dev/null &
  set +m
  job=$!
  job_ids+=("$job")
  run_suite "$other"
  wait "$job" || status=$?
  say "━━ $suite, beside $other"
  cat "$outputs/$suite"
  conclude "$suite" "$status" $((SECONDS - started))
}

# conclude SUITE STATUS SECONDS
conclude() {
  if [ "$2" -eq 0 ]; then
    note_time "$1" "$3"
  else
    warn "$1 failed (exit code $2)"
    failed+=("$1")
  fi
}

# Once more, and last, so that nobody has to look for it in a long output: what mocha says of its failures, or the end.
print_failures() {
  say "━━ $1 failed"
  if grep -q '[0-9] failing' "$outputs/$1"; then
    sed -n '/[0-9] failing/,$p' "$outputs/$1"
  else
    tail -n 40 "$outputs/$1"
  fi
}

# Every check runs, also after one has failed.
suite_lint() {
  local status=0 scripts
  mapfile -t scripts < <(git ls-files '*.sh' .ci/run)
  biome check . || status=1
  tsc --noEmit || status=1
  depcruise --config .dependency-cruiser.json operator services local test bench || status=1
  check_if_installed shellcheck "${scripts[@]}" || status=1
  check_gofmt || status=1
  return "$status"
}

# The chart and what the operator makes of the samples: helm lint, kubeconform, kube-score.
suite_manifests() { "$here/lint-manifests.sh"; }

suite_unit() { mocha 'operator/**/*.test.ts' 'services/**/*.test.ts' 'local/**/*.test.ts' 'test/*.test.ts' --ignore 'services/**/test/**'; }

# The flags of the build, so that nothing is compiled a second time.
suite_go() {
  local output status=0
  output=$(CGO_ENABLED=0 go test -C "$here/kubernetes" -vet=off -trimpath -v ./... 2>&1) || status=1
  grep -v 'no test files' <<<"$output"
  [ -z "${TEST_TALLY:-}" ] || echo "$(grep -c '^--- PASS' <<<"$output") $(grep -c '^--- FAIL' <<<"$output")" >>"$TEST_TALLY"
  return "$status"
}

suite_services() {
  mocha 'services/**/test/**/*.test.ts' 'test/backends/*.test.ts' 'test/queries/*.test.ts' 'bench/api/*.test.ts' \
    --ignore 'services/transcoder/**'
}

# From an original to what people watch: `make test-media`, `test-transcoders` and `test-hostile-media` run full forms.
suite_transcoding() { mocha 'services/transcoder/test/*.test.ts' 'test/{hostile-media,media,transcoders}/*.test.ts'; }

# The API over HTTP: processes of all components behind the gateway; `make test-api` runs the full form.
suite_api() { mocha 'test/platform/*.test.ts' 'test/api/*.test.ts'; }

# Everybody acts at once while processes are killed and Redis forgets; `make test-properties` runs the full form.
suite_properties() { mocha 'test/properties/**/*.test.ts'; }

suite_cluster() { mocha 'test/cluster/**/*.test.ts' 'test/faults/*.test.ts'; }

# The full form: each fault twenty times, the lease of a real operator, ten quiet minutes. About forty minutes.
suite_faults() { FAULT_ROUNDS=20 QUIET_SECONDS=600 mocha 'test/faults/*.test.ts'; }

# The full form of one test of the api suite. About ten minutes.
suite_outbox() { OUTBOX_KILLS=200 mocha test/platform/killed-publishers.test.ts; }

# The full form of another: clients that keep their connections while the gateway is rolled.
suite_gateway() { GATEWAY_REQUESTS=20000 mocha test/platform/gateway-rollout.test.ts; }

# The same on a cluster, where kubelet and Service do their part. About four minutes.
suite_gateway_rollout() { end_to_end test/acceptance/gateway.test.ts; }

# The full form of one test of the services suite, with a table.
suite_hostile_media() { HOSTILE_MEDIA_FORM=full mocha 'test/hostile-media/*.test.ts'; }

# The full form of another: all clips of the corpus, which is made once and kept.
suite_media() { MEDIA_FORM=full mocha 'test/media/*.test.ts'; }

# The full form: workers killed at ten moments of a job, thirty uploads while workers are restarted. About fifteen minutes.
suite_transcoders() { TRANSCODER_KILLS=10 TRANSCODER_UPLOADS=30 mocha 'test/transcoders/*.test.ts'; }

# The full form of a third: a whole data set into an empty Redis while the feed is served. About four minutes.
suite_warm_up() { WARM_UP_FORM=full mocha test/platform/warm-up.test.ts; }

# In namespaces of their own, beside a platform that runs already; without one, in a cluster that goes afterwards.
suite_acceptance() { end_to_end test/acceptance/{video,editing,healing,deletion}.test.ts; }

# The services in another version, with one more migration, and back, while everybody goes on. About ten minutes.
suite_upgrade() { end_to_end test/acceptance/upgrade.test.ts; }

# Twenty uploads at once, a long one, and an operator that restarts. About ten minutes.
suite_autoscaling() { end_to_end test/acceptance/autoscaling.test.ts; }

end_to_end() { with_images && KUBECONFIG=$kubeconfig mocha --require test/acceptance/hooks.ts "$@"; }

# The full form of a test of the cluster suite. About three minutes.
suite_many_platforms() { MANY_PLATFORMS=50 MANY_TIMES_SLOWER=2 mocha test/cluster/reconcile-many.test.ts; }

# The full form of another: nobody wakes the operator, as when Secrets are edited, and 2 s is the limit. About three minutes.
suite_drift() { DRIFT_SECONDS=2 DRIFT_FORM=full mocha test/cluster/reconcile-{drift,ways-in-drift}.test.ts; }

# What a person's first commands do to a cluster that has no platform yet; skaffold is compiled when it is first needed.
suite_skaffold() { with_images && mocha test/installation/skaffold.test.ts; }

suite_install() { with_images && mocha test/installation/{manifest,chart}.test.ts; }

with_images() { start_cluster_if_absent && "$here/images.sh" build && "$here/images.sh" push "$registry" >/dev/null; }

started_cluster=no

start_cluster_if_absent() {
  if [ -e "$state/kind-of-cluster" ]; then
    "$here/cluster/start.sh" # it may be half dead
  else
    started_cluster=yes
    "$here/cluster/start.sh"
  fi
}

stop_our_cluster() { [ "$started_cluster" = no ] || "$here/cluster/stop.sh"; }

# The quick `make lint` of a developer does without tools that only `make test` and `make up` install.
check_if_installed() {
  command -v "$1" >/dev/null || { say "$1 is not installed: left to make test"; return 0; }
  "$@"
}

check_gofmt() {
  local unformatted
  command -v gofmt >/dev/null || { say 'go is not installed: left to make test'; return 0; }
  unformatted=$(gofmt -l local/kubernetes)
  [ -z "$unformatted" ] || { warn "not formatted by gofmt: $unformatted"; return 1; }
}

main "$@"
