#!/usr/bin/env bash
# Draws public/processing.png from processing.svg, in the few colours that it needs. Run it after a change of the SVG.
set -euo pipefail
cd "$(dirname "$0")"

drawing=$(mktemp --suffix .png)
trap 'rm -f "$drawing"' EXIT
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=540,960 \
  --screenshot="$drawing" "file://$PWD/processing.svg"
ffmpeg -v error -y -i "$drawing" -pred mixed \
  -filter_complex '[0:v]split[a][b];[a]palettegen=max_colors=32:reserve_transparent=0[p];[b][p]paletteuse=dither=none' \
  public/processing.png
