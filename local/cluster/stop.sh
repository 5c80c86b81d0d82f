#!/usr/bin/env bash
# Stops and deletes the cluster that is up, with its data.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../environment.sh"
. "$here/../report.sh"

if [ ! -d "$state" ]; then
  say 'there is no cluster to stop'
  exit 0
fi
kind=packages
[ ! -e "$state/kind-of-cluster" ] || kind=$(<"$state/kind-of-cluster")
"$here/$kind/stop.sh"
rm -rf "$state"
