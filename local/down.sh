#!/usr/bin/env bash
# `make down`: the platform, the cluster and their data go; compiled programs and images stay in the cache.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

"$here/cluster/stop.sh"
say "Nothing of it runs any more, and its data is gone. Programs and images are kept in $cache (make clean removes them)."
