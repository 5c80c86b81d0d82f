#!/usr/bin/env bash
# `make clean`: removes the cached programs and images too; the next `make up` builds everything again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

[ ! -d "$state" ] || fail 'a cluster is up and uses what lies in the cache: run make down first'
if command -v buildah >/dev/null; then
  buildah images --quiet --filter reference='localhost/tiktok-lite/*' | xargs --no-run-if-empty buildah rmi --force >/dev/null || true
fi
rm -rf "$cache"
say "removed $cache"
