#!/usr/bin/env bash
# go-tools.sh MODULE: compiles the tools of a Go module of this folder (checkers, skaffold) into the cache, once per
# version of the module, and prints the folder that they are in.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

main() {
  local module=$here/$1 installed
  [ -e "$module/go.mod" ] || fail "there is no Go module $1 in ${here#"$repository"/}"
  installed=$cache/tools/$1-$(cat "$module/go.mod" "$module/go.sum" | sha256sum | cut -c1-16)
  mkdir -p "$cache/tools"
  # A second build at the same time waits, and finds the work done.
  exec 9>"$cache/tools/.lock"
  flock 9
  [ -d "$installed" ] || build "$module" "$installed" >&2
  echo "$installed"
}

# Into a folder of its own that is renamed when complete: a build that is cut off leaves nothing half there.
build() {
  local module=$1 installed=$2 staging started=$SECONDS
  staging=$(mktemp -d "$cache/tools/.build.XXXXXX")
  # shellcheck disable=SC2064  # the folder is known now
  trap "rm -rf '$staging'" EXIT
  say "compiling the tools of ${module#"$repository"/}; this takes minutes, once"
  CGO_ENABLED=0 GOBIN=$staging go -C "$module" install -trimpath -buildvcs=false -ldflags '-s -w' tool
  chmod 755 "$staging"
  mv -T "$staging" "$installed"
  say "compiled the tools of ${module#"$repository"/} ($(duration $((SECONDS - started))))"
}

main "$@"
