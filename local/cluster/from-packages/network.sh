#!/usr/bin/env bash
# The pods' bridge. Its address is the node's address too: it stays the same whatever network the machine is in.

make_bridge() {
  ip link show "$bridge" >/dev/null 2>&1 || ip link add "$bridge" type bridge
  ip address replace "$node_address/${pod_subnet#*/}" dev "$bridge"
  ip link set "$bridge" up
}

write_network_configuration() {
  mkdir -p "$configuration/cni"
  render "$here/configuration/network.conflist" "NETWORK=$network" "BRIDGE=$bridge" "POD_SUBNET=$pod_subnet" \
    "ADDRESSES=$runtime/addresses" >"$configuration/cni/10-$network.conflist"
}

remove_bridge() {
  if ip link show "$bridge" >/dev/null 2>&1; then ip link delete "$bridge"; fi
  rm -rf /var/lib/cni/results/"$network"-*
  rmdir --ignore-fail-on-non-empty -p /var/lib/cni/results 2>/dev/null || true
}
