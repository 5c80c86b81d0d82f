#!/usr/bin/env bash
# Prints the kind of cluster that `make up` uses: what CLUSTER says, else the one that is up, else what this machine has.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../environment.sh"
. "$here/../report.sh"

main() {
  local wanted=${CLUSTER:-auto} existing=''
  [ ! -e "$state/kind-of-cluster" ] || existing=$(<"$state/kind-of-cluster")
  case $wanted in
    auto) echo "${existing:-$(best_kind)}" ;;
    packages | kind | minikube | current)
      [ -z "$existing" ] || [ "$existing" = "$wanted" ] ||
        fail "CLUSTER=$wanted, but the platform is up with CLUSTER=$existing: run make down first"
      echo "$wanted"
      ;;
    *) fail "CLUSTER=$wanted is not known: use auto, packages, kind, minikube or current" ;;
  esac
}

best_kind() {
  if docker info >/dev/null 2>&1; then
    for kind in kind minikube; do
      if command -v "$kind" >/dev/null; then
        echo "$kind"
        return
      fi
    done
  fi
  echo packages
}

main
