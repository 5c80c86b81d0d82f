#!/bin/sh
# Fills ./node_modules with what runs in an image, next to a copy of package.json and its lock file: no development
# tools, no second Node, and none of the type declarations, source maps and documents that make up almost half of it.
set -eu
# Not only left out: without them in package.json, nothing about them in the lock file can stop an image either.
npm pkg delete devDependencies
npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
rm -rf node_modules/node-linux-* node_modules/fluent-ffmpeg/doc
find node_modules -type f \( \
  -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -name '*.md' -o -name '*.markdown' \
  \) -delete
