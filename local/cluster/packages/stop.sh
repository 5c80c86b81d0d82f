#!/usr/bin/env bash
# Stops the cluster from packages and takes back all that it changed on this machine. Images and binaries stay cached.
. "$(dirname "$0")/parts.sh"

if [ ! -d "$state" ] && [ ! -d "$runtime" ]; then
  say 'there is no cluster from packages to stop'
  exit 0
fi
mkdir -p "$runtime"
exec 8>"$runtime/.lock"
flock 8
exec "$here/clear-away.sh"
