#!/usr/bin/env bash
# Names the parts of the cluster from packages, each with its process or as dead.
. "$(dirname "$0")/parts.sh"

for daemon in "${daemons[@]}"; do
  if is_running "$daemon"; then
    printf '  %-24s process %s\n' "$daemon" "$(recorded "$daemon" 1)"
  else
    printf '  %-24s not running; the log is %s\n' "$daemon" "$logs/$daemon.log"
  fi
done
