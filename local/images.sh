#!/usr/bin/env bash
# Builds the images of the project and brings them to a registry. The tag of an image is a hash of what goes into it,
# so that nothing is built or pushed twice.
#
#   images.sh build [NAME…]           builds what is missing
#   images.sh push REGISTRY [NAME…]   builds and pushes what is missing; prints NAME=reference lines
#   images.sh list REGISTRY [NAME…]   prints the same lines and does nothing
#   images.sh make NAME REFERENCE [STAGE]
#                                     builds one image up to a stage under this very name, and pushes it where
#                                     PUSH_IMAGE=true: what skaffold asks of a builder
#
# IMAGE_BUILDER=docker|buildah: docker where its daemon answers, else buildah, which needs root but no daemon.
# IMAGE_BASE=registry|packages (buildah): base images from a registry where one can be reached, else from packages.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"
. "$here/../images/parts.sh"

# Built side by side in these two lanes: in the first, images share their first layers; in the second, they do not wait
# for each other's downloads.
lanes=('services operator transcoder' 'kafka mysql redis gateway object-store')
names="${lanes[*]}"

main() {
  local command=${1:-}
  shift || true
  case $command in
    build) build "$@" >&2 ;;
    push | list)
      [ $# -ge 1 ] || fail "$command needs the address of a registry, such as 127.0.0.1:5050"
      "$command" "$@"
      ;;
    make)
      [ $# -ge 2 ] || fail 'make needs the name of an image and the reference that it is to have'
      make_as "$@"
      ;;
    *) fail "usage: $0 build|push|list|make (see the head of this file)" ;;
  esac
}

# The names asked for, or all of them.
chosen() {
  local name
  for name in "$@"; do
    [[ " $names " == *" $name "* ]] || fail "there is no image called $name; there are: $names"
  done
  echo "${*:-$names}"
}

tag_of() {
  local dockerfile=$repository/images/$1/Dockerfile
  { cat "$dockerfile" "$repository/images/base/Dockerfile" && hash_inputs "$dockerfile"; } | sha256sum | cut -c1-12
}

# What a Dockerfile copies out of the repository, less what .dockerignore keeps out.
hash_inputs() {
  local sources
  mapfile -t sources < <(sed -n 's/^COPY \([^-].*\) [^ ]*$/\1/p' "$1" | tr ' ' '\n')
  (cd "$repository" && find "${sources[@]}" -type f ! -name '*.test.ts' ! -path '*/test/*' -print0 |
    LC_ALL=C sort --zero-terminated | xargs --null sha256sum)
}

local_reference() { remote_reference localhost "$1"; }

remote_reference() {
  local tag
  tag=$(tag_of "$2")
  echo "$1/tiktok-lite/$2:$tag"
}

list() {
  local registry=$1 wanted name reference
  shift
  wanted=$(chosen "$@")
  for name in $wanted; do
    reference=$(remote_reference "$registry" "$name")
    echo "$name=$reference"
  done
}

build() {
  local wanted name reference missing=() lane running=()
  wanted=$(chosen "$@")
  choose_builder
  for name in $wanted; do
    reference=$(local_reference "$name")
    exists "$reference" || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  wait_for_other_builds
  say "building ${missing[*]} with $builder"
  [ "$builder" = docker ] || prepare_parts "${missing[@]}" 8>&-
  for lane in "${lanes[@]}"; do
    build_lane "$lane" "${missing[@]}" 8>&- &
    running+=($!)
  done
  wait_for_all "${running[@]}" || fail 'not every image could be built'
}

# A second build at the same time waits: both would make the same parts. Only this shell holds the lock, so that
# nothing that outlives it does.
wait_for_other_builds() {
  mkdir -p "$parts/logs"
  exec 8>"$parts/.lock"
  flock 8
}

make_as() {
  local name=$1 reference=$2 stage=${3:-}
  chosen "$name" >/dev/null
  choose_builder
  wait_for_other_builds
  [ "$builder" = docker ] || prepare_parts "$name" 8>&-
  "build_with_$builder" "$name" "$reference" "$stage" 8>&-
  [ "${PUSH_IMAGE:-false}" = false ] || "push_with_$builder" "$reference" "$reference" 8>&-
}

build_lane() {
  local lane=$1 name
  shift
  for name in $lane; do
    [[ " $* " != *" $name "* ]] || build_one "$name" || return 1
  done
}

build_one() {
  local name=$1 log=$parts/logs/$1.log started=$SECONDS reference newest=localhost/tiktok-lite/$1:latest
  reference=$(local_reference "$name")
  if ! "build_with_$builder" "$name" "$newest" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    warn "the image $name could not be built; the whole log: $log"
    return 1
  fi
  # The tag promises what is inside.
  if [ "$(local_reference "$name")" != "$reference" ]; then
    say "the sources of $name were changed meanwhile: building it again"
    build_one "$name"
    return
  fi
  "$builder" tag "$newest" "$reference"
  say "built $name ($(duration $((SECONDS - started))))"
}

push() {
  local registry=$1 wanted name
  shift
  wanted=$(chosen "$@")
  build "$@" >&2
  for name in $wanted; do push_one "$registry" "$name"; done
}

# What is pushed and what is printed is one tag, whatever happens to the sources in between.
push_one() {
  local registry=$1 name=$2 built reference log=$parts/logs/push-$2.log
  built=$(local_reference "$name")
  reference=$registry/${built#localhost/}
  if ! { is_loopback "$registry" && loopback_has "$reference"; }; then
    exists "$built" || fail "the sources of $name were changed after its build: run this again"
    push_to_registry "$built" "$reference" "$log" >&2
  fi
  echo "$name=$reference"
}

push_to_registry() {
  local built=$1 reference=$2 log=$3
  mkdir -p "$parts/logs"
  "push_with_$builder" "$built" "$reference" >"$log" 2>&1 || {
    tail -n 10 "$log" >&2
    fail "$reference could not be pushed: can the registry be reached, and are you logged in to it?"
  }
  say "pushed $reference"
}

is_loopback() { [[ $1 == 127.* || $1 == localhost* ]]; }

loopback_has() {
  local registry=${1%%/*} path=${1#*/}
  curl --silent --fail --head --max-time 5 --output /dev/null \
    --header 'Accept: application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json' \
    "http://$registry/v2/${path%:*}/manifests/${path##*:}"
}

# ── the two builders ─────────────────────────────────────────────────────────────────────────────────────────────────

choose_builder() {
  builder=${IMAGE_BUILDER:-}
  if [ -z "$builder" ]; then
    if docker info >/dev/null 2>&1; then builder=docker; else builder=buildah; fi
  fi
  command -v "$builder" >/dev/null || fail "$builder is missing: install docker, or (as root) apt-get install buildah"
}

exists() {
  case $builder in
    docker) docker image inspect "$1" >/dev/null 2>&1 ;;
    buildah) buildah inspect --type image "$1" >/dev/null 2>&1 ;;
  esac
}

# build_with_… NAME REFERENCE [STAGE]: the last stage unless another is named.
build_with_docker() {
  DOCKER_BUILDKIT=1 docker build --file "$repository/images/$1/Dockerfile" ${3:+--target "$3"} --tag "$2" "$repository"
}

push_with_docker() { docker tag "$1" "$2" && docker push "$2"; }

build_with_buildah() {
  local arguments=()
  mapfile -t arguments < <(part_arguments "$1")
  bud --file "$repository/images/$1/Dockerfile" "${arguments[@]}" ${3:+--target "$3"} --tag "$2" "$repository"
}

# No time is spent on packing for a registry of this machine, which has no TLS either.
push_with_buildah() {
  local options=()
  ! is_loopback "${2%%/*}" || options=(--disable-compression --tls-verify=false)
  buildah push "${options[@]}" "$1" "docker://$2"
}

main "$@"
