#!/usr/bin/env bash
# Packs the packages and uses them outside the repository: samples/Scripts, a file-based application and a script, which train and evaluate the same, so
# that they must print the same figures; and the notebooks of the lessons, in a kernel, each of which must show what the lesson shows as an application.
set -uo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }
quietly nuget/pack.sh
quietly dotnet tool install dotnet-repl --version 0.3.259 --tool-path "$work"

# Packages of others that the machine has already are read where they are.
cache=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
export NUGET_PACKAGES=$work/packages RestoreAdditionalProjectSources=$PWD/nuget/feed RestoreAdditionalProjectFallbackFolders=$cache
samples=$PWD/samples/Scripts
. tests/check.sh

runs() { # FILE COMMAND... : in a folder of its own
  mkdir "$work/$1" && cd "$work/$1" && cp "$samples/$1" . || return 1
  "${@:2}" >log 2>&1
  local status=$?
  cat log
  cd - >/dev/null || return 1
  return "$status"
}

draws() { runs "$@" && [ -s "$work/$1/sheet.png" ]; }

# Both runs show the same to the last digit. What is kept in the repository may be of another machine: there numbers and pictures may differ.
shows_the_same() { # LESSON
  local page=$PWD/samples/lessons/$1.cs kept=$PWD/samples/notebooks/$1.ipynb
  mkdir "$work/$1" && cd "$work/$1" || return 1
  "$work/dotnet-repl" --run "$kept" --exit-after-run --output-path kernel.ipynb >log 2>&1 \
    && env -u NUGET_PACKAGES -u RestoreAdditionalProjectSources -u RestoreAdditionalProjectFallbackFolders \
      dotnet run -c Release "$page" -- --compare kernel.ipynb --like "$kept" >>log 2>&1
  local status=$?
  cd - >/dev/null || return 1
  [ "$status" -eq 0 ] || tail -40 "$work/$1/log"
  return "$status"
}

print_the_same() { [ "$(grep -hoE 'GED [-a-zA-Z0-9., ]+' "$work/app.cs/log" "$work/script.fsx/log" | sort | uniq -c | awk '{ print $1 }')" = 2 ]; }
copied_nothing() { ! compgen -G "$cache/torchsharp/*/lib/*/cpu"; }

check "a file-based application trains and draws" draws app.cs dotnet run app.cs
check "a script trains and draws" draws script.fsx dotnet fsi script.fsx
check "both print the same figures" print_the_same
check "readers are known by name" runs readers.cs dotnet run readers.cs
check "a training that is cut off ends as if it had not been" runs resume.cs dotnet run resume.cs
# On one thread, as notebooks.sh, so that the numbers do not depend on the cores.
export OMP_NUM_THREADS=1
for lesson in samples/lessons/*.cs; do
  name=$(basename "$lesson" .cs)
  check "the notebook of lesson $name shows what the lesson shows" shows_the_same "$name"
done
check "none copied libtorch into the package cache" copied_nothing

echo "Scripts: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
