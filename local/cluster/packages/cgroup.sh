#!/usr/bin/env bash
# A control group of our own around everything: daemons in one leaf, the pods in another. What is in it is ours to end.

cgroup_name=tiktok-lite

# The mounted hierarchies: one with cgroup v2, one for each controller with v1.
cgroup_hierarchies() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    echo /sys/fs/cgroup
  else
    awk '$3 == "cgroup" && $2 ~ "^/sys/fs/cgroup/" { print $2 }' /proc/mounts
  fi
}

# The hierarchy in which we look for our processes.
cgroup_of_record() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    echo "/sys/fs/cgroup/$cgroup_name"
  else
    echo "/sys/fs/cgroup/memory/$cgroup_name"
  fi
}

make_cgroups() {
  local hierarchy controller
  cgroup_hierarchies | while read -r hierarchy; do
    mkdir -p "$hierarchy/$cgroup_name"
    # v2: the kubelet insists on every controller that it could use.
    for controller in cpuset cpu io memory hugetlb pids; do
      [ ! -e "$hierarchy/cgroup.subtree_control" ] || ! grep -qw "$controller" "$hierarchy/cgroup.controllers" ||
        echo "+$controller" >"$hierarchy/cgroup.subtree_control"
    done
    # v1: a new cpuset is empty, and nothing can run in it.
    for limit in cpuset.cpus cpuset.mems; do
      [ ! -e "$hierarchy/$limit" ] || [ -e "$hierarchy/cgroup.controllers" ] ||
        cat "$hierarchy/$limit" >"$hierarchy/$cgroup_name/$limit"
    done
  done
  mkdir -p "$(cgroup_of_record)/daemons"
}

join_cgroup() { echo "$BASHPID" >"$(cgroup_of_record)/daemons/cgroup.procs"; }

# pids_in LEAF: of the daemons or of the pods; includes what they started and lost sight of.
pids_in() {
  [ -d "$(cgroup_of_record)/$1" ] || return 0
  find "$(cgroup_of_record)/$1" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}

# Ends everything in the leaf at once; repeats because processes may be starting others.
kill_all_in() {
  local pids
  for _ in {1..100}; do
    pids=$(pids_in "$1")
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086  # one argument a pid
    kill -KILL $pids 2>/dev/null || true
    sleep 0.1
  done
  warn "processes that do not end: $pids"
}

# Also below a second, unified hierarchy beside v1, where runc makes folders on its own.
remove_cgroups() {
  local folder
  for folder in /sys/fs/cgroup/"$cgroup_name" /sys/fs/cgroup/*/"$cgroup_name"; do
    [ ! -d "$folder" ] || find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}
