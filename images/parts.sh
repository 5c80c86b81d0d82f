#!/usr/bin/env bash
# The parts of images that are made outside of a build, with this machine's own apt, npm, Maven and Go as they are set
# up. A build context that bears the name of a Dockerfile's stage takes the place of that stage, so that the same
# Dockerfiles fetch these parts by themselves under docker. Sourced by local/images.sh.
# shellcheck disable=SC2154  # $repository, $cache and the reports come with the script that sources this

parts=$cache/images

bud() { buildah bud --isolation chroot --layers "$@"; }

wait_for_all() {
  local job status=0
  for job in "$@"; do wait "$job" || status=1; done
  return "$status"
}

# prepare_parts IMAGE…: makes what several images share. The parts of a single image are made in its own lane.
prepare_parts() {
  local running=()
  choose_base
  if [[ " $* " == *" services "* || " $* " == *" operator "* || " $* " == *" transcoder "* ]]; then
    stage_dependencies &
    running+=($!)
  fi
  if [ "$base" = packages ] && ! { exists "$debian_base" && exists "$node_base"; }; then
    make_bases &
    running+=($!)
  fi
  wait_for_all "${running[@]}" || fail 'the parts of the images could not be prepared'
}

# The arguments of a build, one a line.
part_arguments() {
  if [ "$base" = packages ]; then
    printf '%s\n' --build-arg "DEBIAN_IMAGE=$debian_base" --build-arg "NODE_IMAGE=$node_base"
  fi
  case $1 in
    services | operator | transcoder) printf '%s\n' --build-context "dependencies=$(dependencies_folder)" ;;
    kafka) printf '%s\n' --build-context "jars=$(stage_jars)" ;;
    object-store) printf '%s\n' --build-context "versitygw=$(stage_versitygw)" ;;
  esac
}

# ── base images ──────────────────────────────────────────────────────────────────────────────────────────────────────

choose_base() {
  local recipe
  recipe=$(cat "$repository"/images/base/* | sha256sum | cut -c1-12)
  debian_base=localhost/tiktok-lite/base-debian:$recipe
  node_base=localhost/tiktok-lite/base-node:$recipe
  base=${IMAGE_BASE:-}
  [ -z "$base" ] || return 0
  if ! exists "$node_base" && timeout 60 buildah pull --quiet --policy ifmissing debian:bookworm-slim >/dev/null 2>&1; then
    base=registry
  else
    base=packages
  fi
}

make_bases() {
  local context=$parts/base started=$SECONDS node
  node=$(find "$repository"/node_modules/node-linux-*/bin/node 2>/dev/null | head -n 1) || true
  [ -n "$node" ] || fail 'node_modules has no Node for the images: run npm ci first'
  mkdir -p "$context"
  cp "$node" "$context/node"
  command -v mmdebstrap >/dev/null || fail 'mmdebstrap is missing: apt-get install mmdebstrap'
  "$repository/images/base/make-rootfs.sh" "$context/debian.tar" >"$parts/logs/rootfs.log" 2>&1 || {
    tail -n 30 "$parts/logs/rootfs.log" >&2
    fail 'the base could not be made from packages'
  }
  for stage in debian node; do
    bud --file "$repository/images/base/Dockerfile" --target "$stage" \
      --tag "localhost/tiktok-lite/base-$stage:${node_base##*:}" "$context" || return 1
  done >"$parts/logs/base.log" 2>&1 || fail "the base images could not be built: $parts/logs/base.log"
  rm -rf "$context"
  say "built the base images from packages ($(duration $((SECONDS - started))))"
}

# ── parts that take the place of a stage ─────────────────────────────────────────────────────────────────────────────

dependencies_folder() {
  local inputs
  inputs=$(cd "$repository" && cat package.json package-lock.json .npmrc images/production-dependencies.sh | sha256sum)
  echo "$parts/dependencies-${inputs:0:12}"
}

stage_dependencies() {
  local folder staging started=$SECONDS
  folder=$(dependencies_folder)
  [ ! -d "$folder" ] || return 0
  staging=$(mktemp -d "$parts/.dependencies.XXXXXX")
  mkdir "$staging/app"
  (cd "$repository" && cp package.json package-lock.json .npmrc images/production-dependencies.sh "$staging/app")
  (cd "$staging/app" && sh production-dependencies.sh) >"$parts/logs/dependencies.log" 2>&1 || {
    tail -n 30 "$parts/logs/dependencies.log" >&2
    rm -rf "$staging"
    fail 'npm could not install the production dependencies'
  }
  chmod -R a+rX "$staging"
  mv -T "$staging" "$folder" 2>/dev/null || rm -rf "$staging"
  # Those of lock files that nobody has used for a month.
  find "$parts" -maxdepth 1 -name 'dependencies-*' -mtime +30 -exec rm -rf {} +
  say "installed the production dependencies ($(duration $((SECONDS - started))))"
}

stage_jars() {
  local folder
  folder=$("$repository/local/kafka/fetch.sh")
  stage_as kafka /opt/kafka/libs "$folder"/*.jar
}

stage_versitygw() {
  local program
  program=$("$repository/images/object-store/build-versitygw.sh")
  stage_as object-store / "$program"
}

# stage_as NAME FOLDER FILE…: a build context that has the files where the stage of the Dockerfile would have them.
stage_as() {
  local context=$parts/$1 folder=$parts/$1$2
  shift 2
  rm -rf "$context"
  mkdir -p "$folder"
  cp --dereference "$@" "$folder"
  echo "$context"
}
