#!/usr/bin/env bash
# Installs the npm packages of the lock file, unless they are there.
set -euo pipefail
. "$(dirname "$0")/environment.sh"

cd "$repository"
# npm writes this file when it has installed; a lock file that changed since is newer.
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --loglevel=error
