#!/usr/bin/env bash
# Work that goes on beside other work: each job writes to a log of its own, and tells how it stands while it is awaited.

job_names=()
job_ids=()
job_logs=$cache/logs

# beside NAME COMMAND…
beside() {
  local name=$1 log started=$SECONDS
  shift
  log=$(log_of_job "$name")
  mkdir -p "$job_logs"
  rm -f "$log.seconds"
  set -m # a process group of its own, so that all of it can be ended
  { "$@" && echo "$((SECONDS - started))" >"$log.seconds"; } >"$log" 2>&1 </dev/null &
  set +m
  job_names+=("$name")
  job_ids+=($!)
  trap end_jobs EXIT
  say "→ $name (in the background; log: $log)"
}

# await NAME: returns when the job is done; stops everything as soon as any job has failed.
await() {
  local name=$1 log ticks=0
  log=$(log_of_job "$name")
  until [ -e "$log.seconds" ]; do
    stop_at_failed_job
    sleep 1
    ticks=$((ticks + 1))
    [ $((ticks % 20)) -ne 0 ] || say "  … $name: $(tail -n 1 "$log")"
  done
  note_time "$name, in the background" "$(cat "$log.seconds")"
}

# A job that has ended without noting its time has failed.
stop_at_failed_job() {
  local index log
  for index in "${!job_names[@]}"; do
    log=$(log_of_job "${job_names[index]}")
    if kill -0 "${job_ids[index]}" 2>/dev/null || [ -e "$log.seconds" ]; then continue; fi
    tail -n 40 "$log" >&2
    fail "${job_names[index]} failed; the whole log: $log"
  done
}

log_of_job() { echo "$job_logs/${1// /-}.log"; }

# However the script ends, nothing of it goes on behind its back.
end_jobs() {
  local id
  for id in "${job_ids[@]}"; do kill -TERM -- "-$id" 2>/dev/null || true; done
}
