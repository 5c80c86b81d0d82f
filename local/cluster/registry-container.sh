#!/usr/bin/env bash
# For clusters in Docker: a registry that the machine reaches on loopback and the node by its name.

registry_container=tiktok-lite-registry

# serve_images NODE NETWORK: starts the registry and teaches the node's containerd where the loopback address leads.
serve_images() {
  local node=$1 network=$2 folder=/etc/containerd/certs.d/$registry
  docker container inspect "$registry_container" >/dev/null 2>&1 ||
    docker run --detach --restart always --name "$registry_container" --publish "$registry:5000" registry:2 >/dev/null
  docker network inspect "$network" --format '{{range .Containers}}{{.Name}} {{end}}' | grep -qw "$registry_container" ||
    docker network connect "$network" "$registry_container"
  docker exec "$node" mkdir -p "$folder"
  printf '[host."http://%s:5000"]\n' "$registry_container" | docker exec --interactive "$node" tee "$folder/hosts.toml" >/dev/null
}

remove_registry() { docker rm --force --volumes "$registry_container" >/dev/null 2>&1 || true; }
