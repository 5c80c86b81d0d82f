#!/usr/bin/env bash
# What a cluster is expected to bring: names (CoreDNS), usage (metrics-server), and a default storage class.

apply_addons() {
  render_addons | kubectl apply --server-side --field-manager local-cluster --force-conflicts -f - >/dev/null
  wait_until 90 'CoreDNS (kubectl -n kube-system describe pods)' kubectl -n kube-system rollout status --timeout 1s deployment/coredns
  wait_until 90 'metrics-server (kubectl -n kube-system describe pods)' kubectl -n kube-system rollout status --timeout 1s deployment/metrics-server
}

render_addons() {
  render "$here/addons/coredns.yaml" "IMAGE=$(image_of coredns)" "DNS_ADDRESS=$dns_address"
  echo ---
  render "$here/addons/metrics-server.yaml" "IMAGE=$(image_of metrics-server)"
  echo ---
  cat "$here/addons/storage.yaml"
}
