#!/usr/bin/env bash
# The pods' bridge. Its address is the node's address too: it stays the same whatever network the machine is in.

make_bridge() {
  ip link show "$bridge" >/dev/null 2>&1 || ip link add "$bridge" type bridge
  ip address replace "$node_address/${pod_subnet#*/}" dev "$bridge"
  ip link set "$bridge" up
  keep_services_inside
}

# Between two updates of kube-proxy, the address of a Service may lead to no pod. Such a packet must fail at once: outside
# somebody might answer it, and the caller would keep that connection.
keep_services_inside() {
  forget_services_rule
  ip rule add iif "$bridge" to "$service_subnet" unreachable
}

forget_services_rule() {
  while ip rule delete iif "$bridge" to "$service_subnet" unreachable 2>/dev/null; do :; done
}

write_network_configuration() {
  configure "$configuration/cni/10-$network.conflist" "$here/configuration/network.conflist" "NETWORK=$network" \
    "BRIDGE=$bridge" "POD_SUBNET=$pod_subnet" "ADDRESSES=$runtime/addresses"
}

remove_bridge() {
  forget_services_rule
  if ip link show "$bridge" >/dev/null 2>&1; then ip link delete "$bridge"; fi
}
