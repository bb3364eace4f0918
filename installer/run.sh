#!/bin/sh
# Open the sample city; where there is no screen, say so and do the main job without one.
set -e
sample=$1
if [ "$(uname)" = Linux ] && [ -z "$DISPLAY" ] && [ -z "$WAYLAND_DISPLAY" ]; then
    echo "There is no screen here, so CityStat does its main job without a window and leaves the results in out/."
    exec .venv/bin/citystat demo --out out
fi
mkdir -p "$(dirname "$sample")"
[ -e "$sample" ] || .venv/bin/citystat new "$sample" --sample
exec .venv/bin/citystat "$sample"
