#!/usr/bin/env bash
# Starts Redis in /data. Arguments are those of redis-server, with or without its name in front.
set -euo pipefail

if [ $# -eq 0 ] || [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then set -- redis-server "$@"; fi

if [ "$1" = redis-server ]; then
  if [ ! -w . ]; then
    echo "redis: $PWD must be a directory that uid $(id -u) can write" >&2
    exit 1
  fi
  # As in the official image: who may connect is decided by the network and the password, not by the interface.
  if [[ " $* " != *" --protected-mode "* ]]; then set -- "$@" --protected-mode no; fi
fi

exec "$@"
