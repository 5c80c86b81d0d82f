#!/usr/bin/env bash
# `make bench-operator`: installs what the measurement needs, then measures. Arguments go to bench/operator/run.ts.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"

"$here/prerequisites.sh" test
"$here/packages.sh" cluster
"$here/node-packages.sh"
"$here/binaries.sh"
cd "$repository"
exec node bench/operator/run.ts "$@"
