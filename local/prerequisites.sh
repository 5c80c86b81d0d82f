#!/usr/bin/env bash
# Checks what no script here can install by itself, and names everything that is missing at once.
# prerequisites.sh test|packages|kind|minikube|current
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

missing=()
lacks() { missing+=("$*"); }

main() {
  check_program npm 'npm' 'install Node.js with npm, for example: apt-get install nodejs npm'
  case $1 in
    test) check_debian && check_go ;;
    packages)
      check_debian
      check_go
      check_kernel
      check_no_other_kubernetes
      check_disk
      check_port "$gateway_port" 'the gateway of the platform'
      check_port "${registry##*:}" 'the registry of images'
      ;;
    kind | minikube)
      check_program docker 'Docker' 'https://docs.docker.com/engine/install'
      check_tools
      check_port "$gateway_port" 'the gateway of the platform'
      ;;
    current)
      check_tools
      [ -n "${REGISTRY:-}" ] || lacks 'the registry to push images to: make up CLUSTER=current REGISTRY=registry.example.org/me'
      ;;
  esac
  [ ${#missing[@]} -gt 0 ] || exit 0
  say 'This machine lacks:' >&2
  printf '  - %s\n' "${missing[@]}" >&2
  exit 1
}

check_program() { command -v "$1" >/dev/null || lacks "$2: $3"; }

check_tools() {
  check_program kubectl 'kubectl' 'https://kubernetes.io/docs/tasks/tools'
  check_program helm 'Helm 3' 'https://helm.sh/docs/intro/install'
  check_program ffmpeg 'ffmpeg, which makes the demo clips' 'https://ffmpeg.org/download.html'
}

check_debian() {
  [ "$(uname -s)" = Linux ] || lacks 'Linux: elsewhere install kind or minikube, with Docker'
  check_program apt-get 'apt-get' 'the programs come from Debian packages; elsewhere install kind or minikube, with Docker'
  [ "$(id -u)" = 0 ] || lacks 'the rights of root, for packages, mounts and networks: use sudo, or install kind or minikube'
}

# Go itself knows whether it is new enough for the module, or can fetch one that is.
check_go() {
  local wanted
  wanted=$(awk '$1 == "go" { print $2; exit }' "$here/kubernetes/go.mod")
  command -v go >/dev/null || { lacks "Go $wanted or later, which compiles Kubernetes: https://go.dev/doc/install"; return; }
  go -C "$here/kubernetes" version >/dev/null 2>&1 ||
    lacks "Go $wanted or later, which compiles Kubernetes; here is $(cd / && go version): https://go.dev/doc/install"
}

check_kernel() {
  local module
  for module in overlay br_netfilter; do modprobe --quiet "$module" 2>/dev/null || true; done
  grep -qw overlay /proc/filesystems || lacks 'overlay file systems in the kernel: modprobe overlay'
  [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || lacks 'packet filtering on bridges in the kernel: modprobe br_netfilter'
  [ -e /sys/fs/cgroup/cgroup.controllers ] || [ -d /sys/fs/cgroup/memory ] ||
    lacks 'control groups: mount cgroup2 on /sys/fs/cgroup'
}

# Two kube-proxies would undo each other's work.
check_no_other_kubernetes() {
  [ ! -d "$runtime/records/machine" ] || return 0
  if iptables-save 2>/dev/null | grep -q '^:KUBE-SERVICES '; then
    lacks 'a machine without another Kubernetes (there are KUBE-SERVICES rules in iptables): use that one, with CLUSTER=current'
  fi
}

check_disk() {
  local folder free
  for folder in "$cache" "$state"; do
    while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
    free=$(df --output=avail --block-size=1G "$folder" | tail -n 1)
    [ "$free" -ge 15 ] || lacks "15 GB of free disk in $folder (there are $free)"
  done
}

# A node port of our own cluster has no listener: a listener is somebody else.
check_port() {
  local port=$1 purpose=$2 holder
  [ ! -e "$state/kind-of-cluster" ] || return 0
  holder=$(listener_on "$port")
  [ -z "$holder" ] || lacks "port $port, for $purpose: it is taken by $holder"
}

listener_on() {
  local sockets socket process
  sockets=$(awk -v port="$(printf '%04X' "$1")" 'FNR > 1 && $4 == "0A" && $2 ~ ":" port "$" { print $10 }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null || true)
  for socket in $sockets; do
    process=$(find /proc/[0-9]*/fd -lname "socket:\[$socket\]" 2>/dev/null | head -n 1 | cut -d/ -f3) || true
    if [ -n "$process" ]; then
      echo "process $process ($(tr '\0' ' ' <"/proc/$process/cmdline" | cut -c1-80))"
    else
      echo "a process that only root can name"
    fi
    return
  done
}

main "$@"
