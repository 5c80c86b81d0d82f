#!/usr/bin/env bash
# containerd with folders and a socket of its own, beside one that the machine may have already.

start_containerd() {
  configure "$configuration/registries/$registry/hosts.toml" "$here/configuration/hosts.toml" "REGISTRY=$registry"
  configure "$configuration/containerd.toml" "$here/configuration/containerd.toml" "STATE=$state" "RUNTIME=$runtime" \
    "SOCKET=$containerd_socket" "CONFIGURATION=$configuration" "PAUSE_IMAGE=$(image_of pause)" \
    "RESTRICT_OOM_SCORE=$(lacks_sys_resource)"
  keep_running containerd containerd --config "$configuration/containerd.toml" --log-level warn
  wait_for containerd 30 containerd ctr --address "$containerd_socket" version
}

# CAP_SYS_RESOURCE is the 24th bit of the effective capabilities.
lacks_sys_resource() {
  local effective
  effective=$(awk '$1 == "CapEff:" { print $2 }' /proc/self/status)
  if (((16#$effective >> 24) & 1)); then echo false; else echo true; fi
}
