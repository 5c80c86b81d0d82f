#!/bin/sh
# For `skaffold dev`: runs the entry point from a copy that can be written, and again after each change of its files.
# The image itself stays read-only, as in production.
set -eu
mkdir -p /tmp/app
for entry in package.json operator services; do
  [ ! -e "$entry" ] || cp -R "$entry" /tmp/app
done
ln -sfn "$PWD/node_modules" /tmp/app/node_modules
cd /tmp/app
exec node --watch "$@"
