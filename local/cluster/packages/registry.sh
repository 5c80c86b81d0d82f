#!/usr/bin/env bash
# The registry on loopback that builds push to and containerd pulls from. Its images stay in the cache over clusters.

start_registry() {
  mkdir -p "$cache/registry"
  configure "$configuration/registry.yaml" "$here/configuration/registry.yaml" "STORAGE=$cache/registry" "ADDRESS=$registry"
  keep_running docker-registry docker-registry serve "$configuration/registry.yaml"
  wait_for docker-registry 20 "the registry on $registry" answers "${registry%:*}" "${registry#*:}"
}

answers() { (exec 3<>"/dev/tcp/$1/$2"); }

registry_has() { # NAME TAG
  [ -e "$cache/registry/docker/registry/v2/repositories/$1/_manifests/tags/$2/current/link" ]
}

# publish_binary NAME: an image that holds one of our static binaries and nothing else.
publish_binary() {
  local name=$1 reference container
  registry_has "tiktok-lite/$name" "$binaries_version" && return 0
  reference=$(image_of "$name")
  container=$(buildah from scratch)
  buildah copy --quiet --chmod 755 "$container" "$binaries/$name" "/$name" >/dev/null
  buildah config --entrypoint "[\"/$name\"]" --user 65532:65532 "$container"
  buildah commit --quiet --rm "$container" "$reference" >/dev/null
  buildah push --quiet --tls-verify=false "$reference"
  buildah rmi "$reference" >/dev/null
}

image_of() { echo "$registry/tiktok-lite/$1:$binaries_version"; }
