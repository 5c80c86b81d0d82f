#!/usr/bin/env bash
# Copies the jars of a Kafka broker into the cache, once, and prints their folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

cache=${TIKTOK_LITE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tiktok-lite}
version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$here/pom.xml")
jars=$cache/kafka/$version

if [ ! -d "$jars" ]; then
  for tool in java mvn; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install openjdk-17-jre-headless maven" >&2; exit 1; }
  done
  mkdir -p "$cache/kafka"
  # A folder of its own, renamed when complete: two fetches at a time, or one cut off, leave no half-filled folder.
  staging=$(mktemp -d "$cache/kafka/.fetch.XXXXXX")
  trap 'rm -rf "$staging"' EXIT
  mvn --batch-mode --quiet --file "$here/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$staging/jars" >&2
  chmod -R a+rX "$staging/jars"
  mv -T "$staging/jars" "$jars" 2>/dev/null || [ -d "$jars" ]
fi
echo "$jars"
