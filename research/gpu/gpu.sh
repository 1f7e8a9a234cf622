#!/usr/bin/env bash
# Takes the programs to a machine with an NVIDIA GPU and PyTorch that has neither the .NET SDK nor a package registry.
#
#   gpu.sh pack [FOLDER]            where the .NET SDK is: puts programs, .NET runtime and this script into FOLDER (artifacts/gpu), some 60 MB
#   gpu.sh measure                  in that folder, on that machine: is a training step the CPU's, and how fast is it beside PyTorch's?
#   gpu.sh train DATA OUT [TIME]    there too: the paper's size (paper.json) on a folder of slices; stops by itself after TIME (9m) and
#                                   goes on where it was when given again with the same OUT, which holds results and the state of the run under way
#
# libtorch is not packed: TorchSharp is given the one that PyTorch brings. TORCH_LIB=FOLDER names another; PYTHON=PROGRAM another Python.
# Without a GPU the script says so and does what the CPU can do.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PYTHON=${PYTHON:-python3}
device=cpu

say() { printf '%s\n' "$*"; }

usage() {
    sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}

publish() {
    dotnet publish "$1" -c Release -r linux-x64 --no-self-contained -p:UsesTorchBackend=false -o "$2"
    find "$2" \( -name '*.pdb' -o -name '*.xml' -o -name '*.dbg' \) -delete
}

pack() {
    local root target dotnet
    root=$(cd "$here/../.." && pwd)
    target=${1:-$root/artifacts/gpu}
    mkdir -p "$target"
    target=$(cd "$target" && pwd)
    rm -rf "${target:?}/app"
    publish "$root/tests/AmbiSSL.Benchmarks" "$target/app"
    publish "$root/research/AmbiSSL.Experiments" "$target/app"
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    (cd "$dotnet" && tar -czf "$target/dotnet.tar.gz" dotnet host shared/Microsoft.NETCore.App/10.*)
    cp "$here/gpu.sh" "$root/research/sweeps/paper.json" "$target/"
    say "$target is ready: $(du -sm "$target" | cut -f1) MB. Carry it to the machine with the GPU and run: bash gpu.sh measure"
}

# The folder of the libtorch that PyTorch brings.
torch_libraries() {
    "$PYTHON" - <<'PYTHON'
import pathlib
import torch

print((pathlib.Path(torch.__file__).parent / "lib").resolve())
PYTHON
}

# Says on what it computes, unpacks the runtime and lets TorchSharp find libtorch; sets device and runtime.
prepare() {
    local libraries wrapper=$here/app/libLibTorchSharp.so
    if [[ ! -f $wrapper || ! -f $here/dotnet.tar.gz ]]; then
        say "There is no program in $here; run 'gpu.sh pack' where the .NET SDK is, and this in the folder that it fills." >&2
        exit 2
    fi

    if "$PYTHON" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
        device=cuda
        say "PyTorch $("$PYTHON" -c 'import torch; print(torch.__version__, "on", torch.cuda.get_device_name())')"
    else
        say "There is no NVIDIA GPU that $PYTHON's PyTorch can use here; what follows is the CPU alone."
    fi

    if ! libraries=${TORCH_LIB:-$(torch_libraries 2>/dev/null)}; then
        say "$PYTHON has no PyTorch, and TORCH_LIB names no folder with libtorch: nothing can be computed." >&2
        exit 1
    fi

    runtime=$(mktemp -d)
    trap 'rm -rf "$runtime"' EXIT
    tar -xzf "$here/dotnet.tar.gz" -C "$runtime"
    export DOTNET_ROOT=$runtime DOTNET_gcServer=0 AMBISSL_LIBTORCH=$libraries
}

measure() {
    local program=$here/app/AmbiSSL.Benchmarks.dll
    prepare
    "$runtime/dotnet" "$program" device --device "$device"
    if [[ $device == cuda ]]; then
        "$runtime/dotnet" "$program" vs-pytorch --device cuda
        "$runtime/dotnet" "$program" vs-pytorch --device cuda --precision BFloat16 --peer-precision BFloat16
    fi
}

train() {
    local data=$1 out=$2 time=${3:-9m} status=0
    prepare
    timeout --signal=INT --kill-after=60s "$time" "$runtime/dotnet" "$here/app/experiments.dll" run --data "$data" --crop 128x128 \
        --sweep "$here/paper.json" --out "$out" --device "$device" || status=$?
    case $status in
        0) say "All is done: $out" ;;
        124) say "Stopped after $time. The same command goes on from here." ;;
        *) exit "$status" ;;
    esac
}

case ${1:-}:$# in
    pack:1 | pack:2) pack "${2:-}" ;;
    measure:1) measure ;;
    train:3 | train:4) train "${@:2}" ;;
    *) usage ;;
esac
