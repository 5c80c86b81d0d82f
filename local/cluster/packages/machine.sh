#!/usr/bin/env bash
# What the cluster changes of the machine itself (kernel settings, packet filter) and how that is taken back.
# The records lie in /run: a reboot undoes both the changes and the records.

# Ours, and those that the kubelet and kube-proxy set on their own.
touched_settings=(
  net/ipv4/ip_forward net/ipv4/conf/all/route_localnet
  net/bridge/bridge-nf-call-iptables net/bridge/bridge-nf-call-ip6tables
  vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops
  kernel/keys/root_maxkeys kernel/keys/root_maxbytes
)

record_machine() {
  [ ! -d "$records/machine" ] || return 0
  local setting staging=$records/.machine
  mkdir -p "$staging"
  for setting in "${touched_settings[@]}"; do
    [ ! -e "/proc/sys/$setting" ] || echo "$setting $(<"/proc/sys/$setting")"
  done >"$staging/settings"
  iptables-save >"$staging/iptables"
  ip6tables-save >"$staging/ip6tables" 2>/dev/null || true
  cat /sys/fs/cgroup/cgroup.subtree_control >"$staging/controllers" 2>/dev/null || true # control groups v2
  mv -T "$staging" "$records/machine"
}

change_settings() {
  echo 1 >/proc/sys/net/ipv4/ip_forward
  echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
}

restore_machine() {
  [ -d "$records/machine" ] || return 0
  remove_added_chains iptables
  remove_added_chains ip6tables
  local setting value controller
  for controller in $(cat /sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true); do
    grep -qw "$controller" "$records/machine/controllers" ||
      echo "-$controller" 2>/dev/null >/sys/fs/cgroup/cgroup.subtree_control || true # others may use it by now
  done
  while read -r setting value; do
    [ "$(<"/proc/sys/$setting")" = "$value" ] || echo "$value" >"/proc/sys/$setting"
  done <"$records/machine/settings"
  rm -rf "$records/machine"
}

# Removes the chains of Kubernetes and CNI that were not there before us, and the rules that lead into them.
remove_added_chains() {
  local tables=$1
  "$tables-save" 2>/dev/null | awk -v before="$records/machine/$tables" '
    BEGIN {
      while ((getline line < before) > 0)
        if (line ~ /^\*/) table = substr(line, 2)
        else if (split(line, word, " ") && line ~ /^:/) known[table, substr(word[1], 2)] = 1
    }
    function ours(chain) { return chain ~ /^(KUBE|CNI)-/ && !((table, chain) in known) }
    function flush_table() {
      if (chains != "") printf "*%s\n%s%s%sCOMMIT\n", table, chains, jumps, removals
      chains = jumps = removals = ""
    }
    /^\*/ { table = substr($1, 2) }
    /^:/ { chain = substr($1, 2); if (ours(chain)) { chains = chains ":" chain " - [0:0]\n"; removals = removals "-X " chain "\n" } }
    /^-A/ { for (i = 3; i < NF; i++) if ($i == "-j" && ours($(i + 1)) && !ours($2)) { sub(/^-A/, "-D"); jumps = jumps $0 "\n"; break } }
    /^COMMIT/ { flush_table() }
  ' | "$tables-restore" --noflush
}
