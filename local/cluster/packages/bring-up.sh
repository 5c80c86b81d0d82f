#!/usr/bin/env bash
# The order in which the cluster comes up. Every step is safe to repeat, and does nothing where it was done.
. "$(dirname "$0")/parts.sh"

mkdir -p "$state" "$configuration" "$records"
record_machine
make_cgroups
start_registry
for image in pause coredns metrics-server; do publish_binary "$image"; done
make_certificates
make_bridge
write_network_configuration
change_settings
start_containerd
start_control_plane
start_node
apply_addons
