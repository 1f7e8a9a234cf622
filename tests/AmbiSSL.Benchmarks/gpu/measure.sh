#!/usr/bin/env bash
# A training step on a GPU: is it the CPU's, and how fast is it beside PyTorch's on the same GPU?
#
#   measure.sh pack [FOLDER]   where the .NET SDK is: puts program, .NET runtime and this script into FOLDER (artifacts/gpu), some 55 MB
#   measure.sh run             in that folder, where an NVIDIA GPU and PyTorch are: needs neither the .NET SDK nor a package registry
#
# libtorch is not packed: TorchSharp is given the one that PyTorch brings. TORCH_LIB=FOLDER names another; PYTHON=PROGRAM another Python.
# Without a GPU the script says so, does what the CPU can do, and exits with 0.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PYTHON=${PYTHON:-python3}

say() { printf '%s\n' "$*"; }

pack() {
    local project target dotnet
    project=$(dirname "$here")
    target=${1:-$project/../../artifacts/gpu}
    mkdir -p "$target"
    target=$(cd "$target" && pwd)
    rm -rf "${target:?}/app"
    dotnet publish "$project" -c Release -r linux-x64 --no-self-contained -p:UsesTorchBackend=false -o "$target/app"
    find "$target/app" \( -name '*.pdb' -o -name '*.xml' -o -name '*.dbg' \) -delete
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    (cd "$dotnet" && tar -czf "$target/dotnet.tar.gz" dotnet host shared/Microsoft.NETCore.App/10.*)
    cp "$here/measure.sh" "$here/missing_symbols.py" "$target/"
    say "$target is ready: $(du -sm "$target" | cut -f1) MB. Carry it to the machine with the GPU and run: bash measure.sh run"
}

# The folder of the libtorch that PyTorch brings.
torch_libraries() {
    "$PYTHON" - <<'PYTHON'
import pathlib
import torch

print((pathlib.Path(torch.__file__).parent / "lib").resolve())
PYTHON
}

run() {
    local program=$here/app/AmbiSSL.Benchmarks.dll wrapper=$here/app/libLibTorchSharp.so libraries runtime device=cpu
    if [[ ! -f $program || ! -f $here/dotnet.tar.gz ]]; then
        say "There is no program in $here; run 'measure.sh pack' where the .NET SDK is, and this in the folder that it fills." >&2
        exit 2
    fi

    if "$PYTHON" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
        device=cuda
        say "PyTorch $("$PYTHON" -c 'import torch; print(torch.__version__, "on", torch.cuda.get_device_name())')"
    else
        say "There is no NVIDIA GPU that $PYTHON's PyTorch can use here; what follows is the CPU alone."
    fi

    if ! libraries=${TORCH_LIB:-$(torch_libraries 2>/dev/null)}; then
        say "$PYTHON has no PyTorch, and TORCH_LIB names no folder with libtorch: nothing can be measured."
        exit 0
    fi

    # Another version of libtorch may lack functions, or give them another meaning: first their names, then their results.
    if ! "$PYTHON" "$here/missing_symbols.py" "$wrapper" "$libraries"; then
        say "TorchSharp cannot use the libtorch in $libraries: nothing can be measured with it."
        [[ $device == cpu ]]
        exit
    fi

    runtime=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$runtime'" EXIT
    tar -xzf "$here/dotnet.tar.gz" -C "$runtime"
    export DOTNET_ROOT=$runtime DOTNET_gcServer=0 LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    "$runtime/dotnet" "$program" device --device "$device"
    if [[ $device == cuda ]]; then
        "$runtime/dotnet" "$program" vs-pytorch --device cuda
        "$runtime/dotnet" "$program" vs-pytorch --device cuda --precision BFloat16 --peer-precision BFloat16
    fi
}

case ${1:-} in
    pack) pack "${2:-}" ;;
    run) run ;;
    *)
        sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
        exit 2
        ;;
esac
