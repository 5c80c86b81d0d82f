#!/usr/bin/env bash
# The pods' bridge. Its address is the node's address too: it stays the same whatever network the machine is in.

make_bridge() {
  ip link show "$bridge" >/dev/null 2>&1 || ip link add "$bridge" type bridge
  ip address replace "$node_address/${pod_subnet#*/}" dev "$bridge"
  ip link set "$bridge" up
}

write_network_configuration() {
  configure "$configuration/cni/10-$network.conflist" "$here/configuration/network.conflist" "NETWORK=$network" \
    "BRIDGE=$bridge" "POD_SUBNET=$pod_subnet" "ADDRESSES=$runtime/addresses"
}

remove_bridge() {
  if ip link show "$bridge" >/dev/null 2>&1; then ip link delete "$bridge"; fi
}
