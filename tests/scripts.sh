#!/usr/bin/env bash
# Packs the packages and runs samples/Scripts with them outside the repository: a file-based application, a script and a notebook. All three train
# and evaluate the same, so that they must print the same figures.
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

draws() { # FILE COMMAND... : in a folder of its own, it prints figures and draws a picture
  mkdir "$work/$1" && cd "$work/$1" && cp "$samples/$1" . || return 1
  "${@:2}" >log 2>&1
  local status=$?
  cd - >/dev/null || return 1
  [ "$status" -eq 0 ] && figures "$1" && [ -s "$work/$1/sheet.png" ] && return
  cat "$work/$1/log"
  false
}

figures() { grep -rhoE --include=log --include=out.ipynb '16 images, 4 samples: GED [-a-zA-Z0-9., ]+' "$work/$1"; }
shows_the_picture() { grep -qF 'data:image/png;base64,iVBOR' "$work/notebook.ipynb/out.ipynb"; }
print_the_same() { [ "$(figures . | sort -u | wc -l)" -eq 1 ]; }
copied_nothing() { ! compgen -G "$cache/torchsharp/*/lib/*/cpu"; }

check "a file-based application trains and draws" draws app.cs dotnet run app.cs
check "a script trains and draws" draws script.fsx dotnet fsi script.fsx
check "a notebook trains and draws" draws notebook.ipynb "$work/dotnet-repl" --run notebook.ipynb --exit-after-run --output-path out.ipynb
check "it shows the picture" shows_the_picture
check "all print the same figures" print_the_same
check "none copied libtorch into the package cache" copied_nothing

echo "Scripts: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
