#!/usr/bin/env bash
# Starts or repairs the cluster of the kind that choose.sh prints, and remembers that it is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../environment.sh"

kind=$("$here/choose.sh")
remember() { mkdir -p "$state" && echo "$kind" >"$state/kind-of-cluster"; }

remember
"$here/$kind/start.sh"
remember # it may have been built anew
