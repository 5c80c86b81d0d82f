#!/usr/bin/env bash
# What the scripts of this folder tell a person: steps with their times, and errors that say what to do.

say() { printf '%s\n' "$*"; }

warn() { printf 'warning: %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# A span of seconds as people read it: 75 → "1 min 15 s".
duration() {
  if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi
}

step_times=()

# step NAME COMMAND…: runs the command and notes how long it took.
step() {
  local name=$1 started=$SECONDS
  shift
  say "→ $name"
  "$@" || fail "$name failed after $(duration $((SECONDS - started)))"
  note_time "$name" $((SECONDS - started))
}

note_time() {
  step_times+=("$(printf '%7s  %s' "$(duration "$2")" "$1")")
  say "✓ $1 ($(duration "$2"))"
}

print_step_times() {
  say "Time by step, $(duration "$SECONDS") in all:"
  printf '  %s\n' "${step_times[@]}"
}

# wait_until SECONDS WHAT COMMAND…: repeats a silent command until it succeeds.
wait_until() {
  local seconds=$1 what=$2 deadline=$((SECONDS + $1))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      warn "waited $seconds s for: $what"
      return 1
    fi
    sleep 0.3
  done
}
