#!/usr/bin/env bash
# make-rootfs.sh FILE.tar: the smallest system of this machine's own release, from its archives less third-party ones,
# without documents.
set -euo pipefail

# What apt would leave behind in every layer that installs something.
# shellcheck disable=SC2016  # $1 is the hook's own argument
apt_keeps_nothing='cat >"$1/etc/apt/apt.conf.d/99keep-nothing" <<END
APT::Keep-Downloaded-Packages "false";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
END
rm -f "$1"/var/cache/apt/*.bin'

packages=ca-certificates,tini
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
# Without this one, where a release has it, apt takes usrmerge and with it all of Perl.
if apt-cache show usr-is-merged >/dev/null 2>&1; then packages+=,usr-is-merged; fi

# shellcheck disable=SC2016  # $(…) is apt's own notation
apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
  grep " $release" | sort --unique |
  mmdebstrap --quiet --mode=root --variant=minbase --include="$packages" \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
    --aptopt='Acquire::Languages "none"' --customize-hook="$apt_keeps_nothing" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$release" "$1" -
