#!/usr/bin/env bash
# Takes the programs to a machine with an NVIDIA GPU and PyTorch that has neither the .NET SDK nor a package registry.
#
#   gpu.sh pack [FOLDER]            where the .NET SDK is: puts programs, .NET runtime and this script into FOLDER (artifacts/gpu), some 45 MB
#   gpu.sh measure [TURNS]          in that folder, on that machine: is a training step the CPU's, and how fast is it beside PyTorch's? Each time is
#                                   taken 5 times, or so often: 1 for two or three minutes in all
#   gpu.sh time DATA                there too: 300 steps of the paper's size on a folder of slices, batch 4+4 and 16+16, and four trainings side by
#                                   side over one alone; says how long one fold takes. Under 40 seconds for each of the four
#   gpu.sh train DATA OUT [TIME]    there too: the runs of the paper's size (paper.json) on a folder of slices, PARALLEL of them (4) side by side on a
#                                   GPU, the folds spread over several GPUs; stops by itself after TIME (9m) and goes on where it was when given again
#                                   with the same OUT, which holds results and the state of the runs under way. Ends with the table of what is done
#
# libtorch is not packed: TorchSharp is given the one that PyTorch brings. TORCH_LIB=FOLDER names another; PYTHON=PROGRAM another Python.
# SWEEP=FILE names other runs than paper.json, CROP=HxW another size than 128x128.
# Without a GPU the script says so and does what the CPU can do.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PYTHON=${PYTHON:-python3}
device=cpu
processes=()

say() { printf '%s\n' "$*"; }

usage() {
    sed -n '2,18s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}

publish() {
    dotnet publish "$1" -c Release -r linux-x64 --no-self-contained -p:UsesTorchBackend=false -o "$2"
    find "$2" \( -name '*.pdb' -o -name '*.xml' -o -name '*.dbg' \) -delete
}

pack() {
    local root target dotnet runtimes
    root=$(cd "$here/../.." && pwd)
    target=${1:-$root/artifacts/gpu}
    mkdir -p "$target"
    target=$(cd "$target" && pwd)
    programs=$(mktemp -d)
    trap 'rm -rf "$programs"' EXIT
    publish "$root/tests/AmbiSSL.Benchmarks" "$programs/app"
    publish "$root/research/AmbiSSL.Experiments" "$programs/app"
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    runtimes=("$dotnet"/shared/Microsoft.NETCore.App/10.*)
    tar -cJf "$target/programs.tar.xz" -C "$programs" app -C "$dotnet" dotnet host "${runtimes[@]#"$dotnet"/}"
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

# Says on what it computes, unpacks the programs and lets TorchSharp find libtorch; sets device and programs.
prepare() {
    local libraries
    if [[ ! -f $here/programs.tar.xz ]]; then
        say "There are no programs in $here; run 'gpu.sh pack' where the .NET SDK is, and this in the folder that it fills." >&2
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

    programs=$(mktemp -d)
    trap 'rm -rf "$programs"' EXIT
    if command -v xz >/dev/null; then
        tar -xJf "$here/programs.tar.xz" -C "$programs"
    else
        "$PYTHON" -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$here/programs.tar.xz" "$programs"
    fi

    export DOTNET_ROOT=$programs DOTNET_gcServer=0 AMBISSL_LIBTORCH=$libraries
}

benchmark() { "$programs/dotnet" "$programs/app/AmbiSSL.Benchmarks.dll" "$@"; }

# experiments COMMAND DATA ARGUMENTS
experiments() {
    "$programs/dotnet" "$programs/app/experiments.dll" "$1" --data "$2" --crop "${CROP:-128x128}" --sweep "${SWEEP:-$here/paper.json}" "${@:3}"
}

measure() {
    local turns=(--turns "${1:-5}")
    prepare
    benchmark device --device "$device" "${turns[@]}"
    if [[ $device == cuda ]]; then
        benchmark vs-pytorch --device cuda "${turns[@]}"
        benchmark vs-pytorch --device cuda "${turns[@]}" --precision BFloat16 --peer-precision BFloat16
    fi
}

# The mean of what FILES with lines of 'experiments time' say of a step, in milliseconds.
milliseconds() { sed -nE 's/.* ([0-9.]+) ms a step.*/\1/p' "$@" | awk '{ sum += $1 } END { print sum / NR }'; }

# over ONE SIDE...: how much longer a step takes side by side.
over() { awk -v one="$(milliseconds "$1")" -v side="$(milliseconds "${@:2}")" 'BEGIN { printf "  %.2f times the time of one alone\n", side / one }'; }

time_steps() {
    local data=$1 i
    prepare
    say "One training, batch 4+4, then 16+16:"
    experiments time "$data" --device "$device" --batch 8 | tee "$programs/one"
    experiments time "$data" --device "$device" --batch 32
    say "Four processes side by side, batch 4+4:"
    for i in 1 2 3 4; do
        experiments time "$data" --device "$device" --batch 8 >"$programs/process.$i" &
        processes+=($!)
    done

    for i in "${processes[@]}"; do wait "$i"; done
    cat "$programs"/process.*
    over "$programs/one" "$programs"/process.*
    say "Four trainings side by side in one process, batch 4+4:"
    experiments time "$data" --device "$device" --batch 8 --parallel 4 | tee "$programs/threads"
    over "$programs/one" "$programs/threads"
}

# The folds that the sweep names.
folds() {
    "$PYTHON" - "${SWEEP:-$here/paper.json}" <<'PYTHON'
import json
import sys

folds = json.load(open(sys.argv[1])).get("folds", [])
print(*(folds if isinstance(folds, list) else [folds]))
PYTHON
}

# The table of the runs of a folder that are done.
table() {
    "$programs/dotnet" "$programs/app/experiments.dll" pack --runs "$1" --group done --results "$programs/tables"
    "$programs/dotnet" "$programs/app/experiments.dll" table --results "$programs/tables" --group done
}

# Several GPUs have a process for each fold; one has all runs in one process, where they share its memory.
train() {
    local data=$1 out=$2 time=${3:-9m} gpus=0 each held i code status=0
    prepare
    trap 'kill "${processes[@]}" 2>/dev/null || true; wait; rm -rf "$programs"' EXIT
    local arguments=(run --data "$data" --crop "${CROP:-128x128}" --sweep "${SWEEP:-$here/paper.json}" --out "$out")
    if [[ $device == cuda ]]; then gpus=$("$PYTHON" -c 'import torch; print(torch.cuda.device_count())'); fi
    read -ra held <<<"$(folds)"
    mkdir -p "$out"
    if ((gpus > 1 && ${#held[@]} > 1)); then
        each=$(((${#held[@]} + gpus - 1) / gpus))
        for i in "${!held[@]}"; do
            start "$time" "${arguments[@]}" --fold "${held[i]}" --device "cuda:$((i % gpus))" --parallel $(((${PARALLEL:-4} + each - 1) / each))
        done
    else
        start "$time" "${arguments[@]}" --device "$device" --parallel "${PARALLEL:-$((gpus > 0 ? 4 : 1))}"
    fi

    for i in "${processes[@]}"; do
        code=0
        wait "$i" || code=$?
        if ((code != 0 && status != 1)); then status=$((code == 124 ? 124 : 1)); fi
    done

    table "$out"
    case $status in
        0) say "All is done: $out" ;;
        124) say "Stopped after $time. The same command goes on from here." ;;
        *) exit "$status" ;;
    esac
}

# start TIME ARGUMENTS: begins a process of the experiments that is asked to end after a time. A process in the background does not hear SIGINT.
start() {
    timeout --signal=TERM --kill-after=60s "$1" "$programs/dotnet" "$programs/app/experiments.dll" "${@:2}" &
    processes+=($!)
}

case ${1:-}:$# in
    pack:1 | pack:2) pack "${2:-}" ;;
    measure:1 | measure:2) measure "${2:-}" ;;
    time:2) time_steps "$2" ;;
    train:3 | train:4) train "${@:2}" ;;
    *) usage ;;
esac
