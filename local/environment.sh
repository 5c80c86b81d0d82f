#!/usr/bin/env bash
# Where things live and what they are called. Sourced by every script of this folder.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Built and fetched things that outlast a clone and a cluster: binaries, images, jars, demo clips.
cache=${TIKTOK_LITE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tiktok-lite}
binaries=$cache/bin/current

# What belongs to the running cluster: all of it goes with `make down`.
if [ "$(id -u)" = 0 ]; then
  state=/var/lib/tiktok-lite
  runtime=/run/tiktok-lite
else
  state=${XDG_STATE_HOME:-$HOME/.local/state}/tiktok-lite
  runtime=$state/run
fi
kubeconfig=$state/kubeconfig

registry=${REGISTRY:-127.0.0.1:5050}
gateway_port=30080

# The Node and the tools of package.json, and the compiled kubectl and helm, before whatever the system has.
case $(uname -m) in aarch64 | arm64) node_processor=arm64 ;; *) node_processor=x64 ;; esac
modules=$repository/node_modules
export PATH=$binaries:$modules/node-linux-$node_processor/bin:$modules/.bin:$PATH
