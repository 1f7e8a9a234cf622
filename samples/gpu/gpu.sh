#!/usr/bin/env bash
# Trains on an NVIDIA GPU with the libtorch of a PyTorch that is there, and evaluates the model on GPU and CPU: the figures must agree.
#
#   gpu.sh [FOLDER]     FOLDER: one with a libtorch 2.10 or 2.11; where none is given, that of python3's PyTorch
#
# Without a GPU it does the same on the CPU alone.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
libtorch=${1:-$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AMBISSL_LIBTORCH=$libtorch

dotnet build -c Release --nologo -v quiet "$root/src/AmbiSSL.Cli" -o "$work/tool"
ambissl() { dotnet "$work/tool/ambissl.dll" "$@"; }

ambissl info | grep -E '^(libtorch|device)'
device=cpu
if ambissl info | grep -qE '^device +cuda'; then device=cuda; fi

ambissl synth --out "$work/lesions" --images 32 --size 32x32
ambissl train --data "$work/lesions" --labeled 0.25 --fold 0 --epochs 2 --batch 8 --backbone unet --filters 8,16 --prune-from-block 0 --seed 1 \
              --device "$device" --out "$work/model.zip"
for where in "$device" cpu; do
  ambissl evaluate --model "$work/model.zip" --data "$work/lesions" --fold 0 --device "$where" --json "$work/$where.json" >"$work/$where.txt"
  echo "$where: $(grep -E '"(ged|diceSoft)"' "$work/$where.json" | tr -d ' \n')"
done
python3 - "$work/$device.json" "$work/cpu.json" <<'PYTHON'
import json
import sys

gpu, cpu = (json.load(open(path)) for path in sys.argv[1:])
far = max(abs(gpu[name] - cpu[name]) for name in ("ged", "diceSoft"))
print(f"largest difference between the two: {far:.5f}")
sys.exit(far > 0.005)
PYTHON
