#!/usr/bin/env bash
# `make bench-transcode`: installs what the measurement needs, then measures. Arguments go to bench/transcode/run.ts.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"

"$here/prerequisites.sh" test
"$here/packages.sh" tests
"$here/node-packages.sh"
cd "$repository"
exec node bench/transcode/run.ts "$@"
