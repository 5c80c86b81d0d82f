#!/usr/bin/env bash
# Prints the path of the versitygw program: the one compiled with the local cluster, else it is compiled by itself.
# shellcheck source-path=SCRIPTDIR source=../../local/environment.sh disable=SC2154  # environment.sh sets the names
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../local/environment.sh"

module=$repository/local/kubernetes
version=$(awk '$1 == "github.com/versity/versitygw" { print $2; exit }' "$module/go.mod")
alone=$cache/bin/versitygw/$version/versitygw

if [ -x "$binaries/versitygw" ]; then
  echo "$binaries/versitygw"
  exit
fi
if [ ! -x "$alone" ]; then
  command -v go >/dev/null || { echo 'Go is missing: the object store is compiled from its module' >&2; exit 1; }
  mkdir -p "$(dirname "$alone")"
  staging=$(mktemp -d "$cache/bin/.build.XXXXXX")
  trap 'rm -rf "$staging"' EXIT
  CGO_ENABLED=0 go build -C "$module" -trimpath -ldflags '-s -w' -o "$staging/" github.com/versity/versitygw/cmd/versitygw
  mv "$staging/versitygw" "$alone"
fi
echo "$alone"
