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
# A service goes at once: who edits does not wait for connections to be drained. An operator gives up its lease first,
# or the next one would wait for that.
case $1 in
  services/migrate/* | services/maintenance/* | services/warmup/*) exec node "$@" ;; # these end by themselves
  services/*) exec node --watch --watch-preserve-output --watch-kill-signal=SIGKILL "$@" ;;
  *) exec node --watch --watch-preserve-output "$@" ;;
esac
