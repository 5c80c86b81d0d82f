#!/usr/bin/env bash
# Starts versitygw with the arguments given. The key pair comes from ROOT_ACCESS_KEY and ROOT_SECRET_KEY, each also
# as …_FILE.
set -euo pipefail

fail() {
  echo "object-store: $1" >&2
  exit 1
}

for variable in ROOT_ACCESS_KEY ROOT_SECRET_KEY; do
  file=${variable}_FILE
  if [ -n "${!variable:-}" ] && [ -n "${!file:-}" ]; then fail "$variable and $file are both set: remove one"; fi
  if [ -n "${!file:-}" ]; then
    [ -r "${!file}" ] || fail "$file names ${!file}, which cannot be read"
    declare -x "$variable=$(cat "${!file}")"
    unset "$file"
  fi
  [ -n "${!variable:-}" ] || fail "$variable (or $file) is not set: it is one half of the key pair that clients sign with"
done

if [ $# -eq 0 ]; then set -- --port :7070 posix /data; fi

# The last argument of the posix backend is its folder.
if [[ " $* " == *" posix "* ]]; then
  folder=${!#}
  [ -w "$folder/" ] || fail "$folder must be a directory that uid $(id -u) can write"
fi

if [ "$1" = versitygw ]; then shift; fi
exec versitygw "$@"
