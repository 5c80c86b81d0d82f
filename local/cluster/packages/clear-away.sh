#!/usr/bin/env bash
# Ends the processes of the cluster and removes its mounts, network, packet filter rules, control groups and files.
. "$(dirname "$0")/parts.sh"

main() {
  # The registry's images are kept, so it may finish what it writes. Nothing else here outlives the next lines: first
  # goes what would start pods again, then the pods, then what they stand on, with the shims that containerd left.
  stop_process docker-registry
  stop_process kubelet
  kill_all_in kubepods
  kill_all_in daemons

  unmount_below "$state"
  unmount_below "$runtime"
  remove_bridge
  remove_cgroups
  restore_machine
  remove_files
}

# The innermost first. Network namespaces are mounts too: with the last one its interfaces go.
unmount_below() {
  local mounts
  mounts=$(awk -v root="$1/" 'index($5, root) == 1 { print $5 }' /proc/self/mountinfo | sort -r)
  [ -z "$mounts" ] || printf '%b\n' "$mounts" | while IFS= read -r mount; do umount --lazy "$mount" || true; done
}

remove_files() {
  if grep -qE " ($state|$runtime)/" /proc/self/mountinfo; then
    fail "still mounted below $state or $runtime (see /proc/self/mountinfo); nothing was deleted"
  fi
  rm -rf --one-file-system "$state" "$runtime"
  remove_shared_leftovers
}

# A few paths cannot be configured. What lies there may be another's as well: of the files only ours go, of the folders
# only empty ones.
remove_shared_leftovers() {
  local result
  find /var/log/containers -lname "$state/*" -delete 2>/dev/null || true
  for result in /var/lib/cni/results/"$network"-*; do
    [ ! -e "$result" ] || rm -f /var/lib/cni/results/*-"$(cut -d- -f3 <<<"${result#*results/}")"-*
  done
  for socket in /run/containerd/s/*; do
    grep -qF "$socket" /proc/net/unix || rm -f "$socket"
  done
  rm -f /var/lib/kubelet/device-plugins/kubelet.sock
  rmdir /var/log/containers /var/lib/cni/results /var/lib/cni /var/lib/kubelet/device-plugins /var/lib/kubelet \
    /run/containerd/s /run/containerd/runc/k8s.io /run/containerd/runc /run/containerd 2>/dev/null || true
}

main
