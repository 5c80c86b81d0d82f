#!/usr/bin/env bash
# Compiles Kubernetes and the other programs of the local cluster into the cache, once per version of the Go module.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

module=$here/kubernetes
kubernetes_version=$(awk '$1 == "k8s.io/kubernetes" { print $2; exit }' "$module/go.mod")
link_flags="-s -w -X k8s.io/component-base/version.gitVersion=$kubernetes_version"

main() {
  local installed
  installed=$cache/bin/$(version_hash)
  mkdir -p "$cache/bin"
  # Two builds at a time would only halve each other's speed: the second waits, and finds the work done.
  exec 9>"$cache/bin/.lock"
  flock 9
  [ -d "$installed" ] || build_into "$installed"
  [ "$(readlink "$binaries" || true)" = "$(basename "$installed")" ] || point_current_at "$installed"
}

# Names what is built: the sources and the flags, nothing of this machine.
version_hash() {
  { (cd "$module" && find . -type f ! -name '*_test.go' | LC_ALL=C sort | xargs sha256sum) && echo "$link_flags"; } |
    sha256sum | cut -c1-16
}

# Builds into a folder of its own and renames it when complete: a build that is cut off leaves nothing half there.
build_into() {
  local installed=$1 staging total
  staging=$(mktemp -d "$cache/bin/.build.XXXXXX")
  # shellcheck disable=SC2064  # the folder is known now
  trap "rm -rf '$staging'" EXIT

  cd "$module"
  export CGO_ENABLED=0 GOBIN=$staging
  say "fetching the Go modules of Kubernetes $kubernetes_version"
  total=$(go list -deps tool ./... 2> >(grep -v '^go: downloading' >&2) | wc -l)
  say "compiling $total Go packages; this takes minutes, once"
  go install -v -trimpath -buildvcs=false -ldflags "$link_flags" tool ./... 2>&1 | show_progress "$total"

  mv "$staging/server" "$staging/etcd" # the module names its program after its folder
  chmod 755 "$staging"
  mv -T "$staging" "$installed"
}

# Go prints the name of each package: a line for each would be noise, none would look like a hang. Complaints pass.
show_progress() {
  local total=$1 compiled=0 line
  while IFS= read -r line; do
    case $line in
      'go: downloading '*) ;;
      *' '*) say "$line" ;;
      *)
        compiled=$((compiled + 1))
        [ $((compiled % 100)) -ne 0 ] || say "compiled $compiled of $total Go packages"
        ;;
    esac
  done
}

point_current_at() {
  local link
  link=$(mktemp -u "$cache/bin/.current.XXXXXX")
  ln -s "$(basename "$1")" "$link"
  mv -T "$link" "$binaries"
}

main
