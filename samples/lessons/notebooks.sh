#!/usr/bin/env bash
# Runs every lesson and writes its page to lessons/ and its notebook, with outputs, to samples/notebooks/.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p samples/notebooks
export OMP_NUM_THREADS=1                # the same numbers, whatever the cores
for lesson in samples/lessons/*.cs; do
  dotnet run -c Release "$lesson" -- --notebook "samples/notebooks/$(basename "$lesson" .cs).ipynb"
done
