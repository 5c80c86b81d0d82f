#!/usr/bin/env bash
# Starts daemons and knows later which of the machine's processes they are: by pid and start time, since pids are reused.

# keep_running NAME COMMAND…: starts it unless it runs already, with the same arguments and configuration files.
keep_running() {
  local name=$1 fingerprint
  shift
  fingerprint=$(fingerprint_of "$@")
  if is_running "$name"; then
    [ "$(recorded "$name" 3)" != "$fingerprint" ] || return 0
    say "  $name: configuration changed, starting again"
    stop_process "$name"
  elif [ -e "$records/$name" ]; then
    say "  $name: found dead, starting again"
  fi
  launch "$name" "$fingerprint" "$@"
}

launch() {
  local name=$1 fingerprint=$2 pid
  shift 2
  mkdir -p "$logs" "$records"
  rotate "$logs/$name.log"
  (
    close_inherited_files
    cd /
    join_cgroup
    exec setsid "$@"
  ) >>"$logs/$name.log" 2>&1 </dev/null &
  pid=$!
  echo "$pid $(start_time "$pid") $fingerprint" >"$records/$name"
}

# wait_for NAME SECONDS WHAT COMMAND…: until the command succeeds; gives up at once when the daemon ends.
wait_for() {
  local name=$1 seconds=$2 what=$3 deadline=$((SECONDS + $2))
  shift 3
  until "$@" >/dev/null 2>&1; do
    if ! is_running "$name"; then
      warn "$name stopped; its last words in $logs/$name.log: $(tail -n 3 "$logs/$name.log")"
      return 1
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      warn "waited $seconds s for $what; the log is $logs/$name.log"
      return 1
    fi
    sleep 0.3
  done
}

is_running() {
  local pid
  pid=$(recorded "$1" 1) && [ -n "$pid" ] && [ "$(start_time "$pid")" = "$(recorded "$1" 2)" ]
}

# Asks, waits 10 seconds, then insists.
stop_process() {
  local name=$1 signal
  for signal in TERM KILL; do
    is_running "$name" || break
    kill -"$signal" "$(recorded "$name" 1)" 2>/dev/null || true
    for _ in {1..100}; do
      is_running "$name" || break 2
      sleep 0.1
    done
  done
  rm -f "$records/$name"
}

# A field of a record: 1 the pid, 2 its start time, 3 the fingerprint of what was started.
recorded() { [ -e "$records/$1" ] && cut -d' ' -f"$2" "$records/$1"; }

# The 22nd field of stat, counted behind the name, which may hold blanks; empty when there is no such process.
start_time() {
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  read -ra fields <<<"${stat##*) }"
  [ "${fields[0]}" = Z ] || echo "${fields[19]}"
}

# Of the arguments and of every file of ours that they name.
fingerprint_of() {
  local argument file
  for argument in "$@"; do
    printf '%s\n' "$argument"
    file=${argument#*=}
    case $file in "$configuration"/* | "$certificates"/*) [ ! -f "$file" ] || cat "$file" ;; esac
  done | sha256sum | cut -c1-16
}

# A daemon that held a lock or a pipe of ours would keep others waiting for ever.
close_inherited_files() {
  local file number
  for file in /proc/"$BASHPID"/fd/*; do
    number=${file##*/}
    [ "$number" -le 2 ] || exec {number}>&-
  done
}

rotate() {
  if [ -e "$1" ] && [ "$(stat -c %s "$1")" -gt 20000000 ]; then mv -f "$1" "$1.1"; fi
}
