#!/usr/bin/env bash
# `make bench-api`: installs what the measurement needs, then measures. Arguments go to bench/api/run.ts.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"

"$here/prerequisites.sh" test
"$here/packages.sh" tests bench
"$here/node-packages.sh"
cd "$repository"
exec node bench/api/run.ts "$@"
