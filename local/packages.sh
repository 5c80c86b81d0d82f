#!/usr/bin/env bash
# Installs the Debian packages that the named groups (cluster, images, tests, bench) need and this machine lacks.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

# One a line: group, program that must exist, package that brings it.
wanted='
cluster containerd                containerd
cluster runc                      runc
cluster /usr/lib/cni/bridge       containernetworking-plugins
cluster conntrack                 conntrack
cluster iptables                  iptables
cluster ip                        iproute2
cluster mount                     mount
cluster openssl                   openssl
cluster docker-registry           docker-registry
cluster buildah                   buildah
images  buildah                   buildah
images  mmdebstrap                mmdebstrap
images  curl                      curl
images  java                      openjdk-17-jre-headless
images  mvn                       maven
images  ffmpeg                    ffmpeg
tests   mariadbd                  mariadb-server-core
tests   my_print_defaults         mariadb-client-core
tests   redis-server              redis-server
tests   java                      openjdk-17-jre-headless
tests   mvn                       maven
tests   ffmpeg                    ffmpeg
tests   nginx                     nginx-light
tests   chromium                  chromium
tests   shellcheck                shellcheck
tests   strace                    strace
tests   pip3                      python3-pip
bench   wrk                       wrk
'

main() {
  local packages
  mapfile -t packages < <(missing_packages "$@")
  [ ${#packages[@]} -gt 0 ] || exit 0

  [ "$(id -u)" = 0 ] || fail "not root; install by hand: sudo apt-get install ${packages[*]}"
  say "installing ${packages[*]}"
  forbid_daemons
  install "${packages[@]}" 2>/dev/null || { update_lists && install "${packages[@]}"; }
  keep_daemons_off "${packages[@]}"
}

missing_packages() {
  local group program package
  PATH=$PATH:/usr/sbin:/sbin
  while read -r group program package; do
    [[ " $* " == *" $group "* ]] || continue
    command -v "$program" >/dev/null || echo "$package"
  done <<<"$wanted" | sort -u
}

# `--no-remove`: rather stop than take away what the machine has, such as another vendor's containerd.
install() {
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends --no-remove \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" >/dev/null
}

update_lists() { apt-get update --quiet=2 -o DPkg::Lock::Timeout=300; }

# Only the programs are wanted. Debian would start a daemon of each; this file tells it not to, while we install.
forbid_daemons() {
  local policy=/usr/sbin/policy-rc.d
  [ ! -e "$policy" ] || return 0
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  # shellcheck disable=SC2064  # the file is known now
  trap "rm -f '$policy'" EXIT
}

# Nor shall they start with the machine's next boot.
keep_daemons_off() {
  [ -d /run/systemd/system ] || return 0
  local package unit
  for package in "$@"; do
    for unit in $(dpkg -L "$package" | sed -n 's:^.*/systemd/system/\([^/@]*\.service\)$:\1:p'); do
      systemctl --quiet disable "$unit" || true
    done
  done
}

main "$@"
