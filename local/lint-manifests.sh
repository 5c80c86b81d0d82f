#!/usr/bin/env bash
# `make lint-manifests`: the chart and every object that the operator makes for the samples, held against the schemas of
# four releases of Kubernetes (kubeconform) and against what experience has taught (kube-score).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/environment.sh"
. "$here/report.sh"

chart=$repository/charts/tiktok-lite-operator
releases=(1.32.0 1.33.0 1.34.0 1.35.0)

# What kube-score asks for and we decided otherwise:
# - images carry a version or a digest as their tag, and spec.images.pullPolicy says when they are pulled;
# - an embedded server is one pod behind an address that stays the same (nginx resolves names only once);
# - it says that it lives and that it is ready by the only answer that costs nothing: it takes a connection.
ignored=(container-image-pull-policy statefulset-has-servicename pod-probes-identical)

main() {
  local tools schemas
  tools=$("$here/go-tools.sh" checkers)
  PATH=$tools:$PATH
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT

  local status=0
  helm lint --strict --quiet "$chart" || status=1
  render
  schemas=$(schemas_folder)
  for release in "${releases[@]}"; do
    say "kubeconform, Kubernetes $release"
    kubeconform -strict -summary -kubernetes-version "$release" \
      -schema-location "$schemas/{{ .NormalizedKubernetesVersion }}/{{ .ResourceKind }}{{ .KindSuffix }}.json" \
      "$work" "$repository"/manifests/samples "$repository"/manifests/install.yaml || status=1
  done
  say 'kube-score'
  for file in "$work"/*.yaml; do score "$file" || status=1; done
  return "$status"
}

# Each sample by itself: kube-score looks for what belongs together.
render() {
  local sample
  helm template tok "$chart" --namespace tiktok-lite-system --kube-version "${releases[-1]}" >"$work/chart.yaml"
  helm template tok "$chart" --namespace tiktok-lite-system --kube-version "${releases[-1]}" \
    --set replicas=2 --set watchNamespaces='{shop}' --set crds.enabled=false >"$work/chart-in-one-namespace.yaml"
  for sample in "$repository"/manifests/samples/*.yaml; do
    node "$here/manifests/print-children.ts" "$sample" >"$work/children-of-$(basename "$sample")"
  done
}

score() {
  local file=$1 flags=() test
  for test in "${ignored[@]}"; do flags+=(--ignore-test "$test"); done
  kube-score score --kubernetes-version "v${releases[-1]%.*}" --output-format ci "${flags[@]}" "$file" >"$file.score" && return 0
  say "$(basename "$file"):"
  grep CRITICAL "$file.score" || cat "$file.score"
  return 1
}

# From a package, once per version of it and of our own schema.
schemas_folder() {
  local folder staging requirements=$here/manifests/requirements.txt
  folder=$cache/schemas/$(cat "$requirements" "$here"/manifests/*schema*.ts "$repository/manifests/crd.yaml" <(echo "${releases[@]}") | sha256sum | cut -c1-16)
  if [ ! -d "$folder" ]; then
    mkdir -p "$cache/schemas"
    staging=$(mktemp -d "$cache/schemas/.new.XXXXXX")
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
      --requirement "$requirements" --dest "$staging" >&2
    python3 -m zipfile -e "$staging"/*.whl "$staging"
    node "$here/manifests/write-schemas.ts" "$staging/kubernetes_validate/kubernetes-json-schema" "$staging/out" "${releases[@]}"
    mv -T "$staging/out" "$folder" 2>/dev/null || true # somebody else was faster
    rm -rf "$staging"
  fi
  echo "$folder"
}

main
