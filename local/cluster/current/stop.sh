#!/usr/bin/env bash
# Takes the platform and the operator out of somebody's cluster. Data that `deletionPolicy: Retain` keeps is kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../environment.sh"
. "$here/../../report.sh"

export KUBECONFIG=$kubeconfig
say "removing the platform and the operator from the context $(kubectl config current-context)"
kubectl delete --filename "$repository/manifests/samples/minimal.yaml" --ignore-not-found --timeout 3m
helm uninstall tiktok-lite-operator --namespace tiktok-lite-system --ignore-not-found
kubectl delete namespace tiktok-lite-system --ignore-not-found
