#!/usr/bin/env bash
# Size on disk and start-up time of this sample beside samples/Serving, which has TorchSharp: from the start of the process to the masks of a first image of
# 128x128 pixels, by one model, the median of five starts.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
publish() { dotnet publish "$1" -c Release -r linux-x64 --no-self-contained -o "$work/$(basename "$1")" -nologo -v q >"$work/log" || { cat "$work/log"; exit 1; }; }
publish samples/Serving.Onnx
publish samples/Serving
publish src/AmbiSSL.Cli
ambissl() { dotnet "$work/AmbiSSL.Cli/ambissl.dll" "$@" >/dev/null; }
ambissl synth --out "$work/scans" --images 8 --size 128x128 --seed 1
ambissl train --data "$work/scans" --method supervised --backbone unet --epochs 1 --batch 4 --seed 1 --out "$work/model.zip"
ambissl export --model "$work/model.zip" --out "$work/model.onnx" --samples 10 --baked-seed 1
image=$work/scans/images/synthetic_00000.png

onnx() { dotnet "$work/Serving.Onnx/Serving.Onnx.dll" "$work/model.onnx" "$image" >/dev/null; }
torch() {
  dotnet "$work/Serving/Serving.dll" --Serving:Model "$work/model.zip" --urls http://127.0.0.1:5917 >/dev/null &
  local server=$!
  until curl -sf --data-binary "@$image" -o "$work/answer" http://127.0.0.1:5917/masks; do sleep 0.02; done
  end=$(date +%s%N)
  kill "$server"
  wait "$server" || true
}
median() { # FUNCTION: milliseconds
  for _ in 1 2 3 4 5; do
    local start end=
    start=$(date +%s%N)
    "$1"
    echo $(((${end:-$(date +%s%N)} - start) / 1000000))
  done | sort -n | sed -n 3p
}
report() { printf '%-14s %5s MB %6s ms\n' "$1" "$(du -sm --apparent-size "$work/$1" | cut -f1)" "$(median "$2")"; }
report Serving.Onnx onnx
report Serving torch
