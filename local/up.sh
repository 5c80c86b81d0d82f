#!/usr/bin/env bash
# `make up`: from a bare machine to a platform with videos in it. Every step does nothing where it was done before.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"
. "$here/jobs.sh"

references=$cache/images/references

main() {
  local kind
  kind=$("$here/cluster/choose.sh")
  "$here/prerequisites.sh" "$kind"
  say "a cluster of kind: $kind"

  # Compiling takes longest and needs nothing: it goes first, and the rest happens beside it.
  if [ "$kind" = packages ]; then
    beside 'Kubernetes binaries' "$here/binaries.sh"
    step 'Debian packages' "$here/packages.sh" cluster images
  fi
  step 'npm packages' "$here/node-packages.sh"
  beside 'images' "$here/images.sh" build
  beside 'demo clips' node "$here/demo-content.ts" --clips-only
  [ "$kind" != packages ] || await 'Kubernetes binaries'
  step 'cluster' "$here/cluster/start.sh"
  await 'images'
  step 'images into the registry' push_images
  step 'operator and platform' "$here/platform.sh" "$references"
  await 'demo clips'
  step 'demo content' demo_content

  print_step_times
  print_next_steps
}

push_images() {
  "$here/images.sh" push "$registry" >"$references.new"
  mv "$references.new" "$references"
}

demo_content() { node "$here/demo-content.ts" "$(platform_url)"; }

platform_url() {
  kubectl --kubeconfig "$kubeconfig" get --filename "$repository/manifests/samples/minimal.yaml" --output jsonpath='{.status.url}'
}

print_next_steps() {
  local url
  url=$(platform_url)
  cat <<END

The platform is Ready.
  page      $url/
  API       $url/douyin/feed

  export KUBECONFIG=$kubeconfig PATH=$binaries:\$PATH
  kubectl get tiktoklites
  kubectl describe tiktoklite demo

  make status   what runs        make down   takes all of it away
END
}

main
