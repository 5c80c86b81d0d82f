#!/usr/bin/env bash
# Starts the one-node cluster from packages. One that runs is left alone, one that is half dead is repaired, and one
# that cannot be repaired is built anew.
. "$(dirname "$0")/parts.sh"

main() {
  mkdir -p "$records"
  exec 8>"$runtime/.lock"
  flock 8
  if [ ! -d "$state/etcd" ]; then
    "$here/bring-up.sh" || fail "the cluster did not start; what its parts say is in $logs"
  else
    "$here/bring-up.sh" || build_anew
  fi
}

build_anew() {
  local kept=$cache/logs/before-rebuild
  rm -rf "$kept"
  mkdir -p "$cache/logs"
  cp -r "$logs" "$kept"
  warn "the cluster that was here cannot be repaired: building a new one. Its data is lost; its logs are kept in $kept"
  "$here/clear-away.sh"
  mkdir -p "$records"
  "$here/bring-up.sh" || fail "the new cluster did not start either; what its parts say is in $logs"
}

main
