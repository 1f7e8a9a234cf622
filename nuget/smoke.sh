#!/usr/bin/env bash
# Packs the packages and uses them as a stranger would: outside the repository, from an empty package folder.
set -uo pipefail
cd "$(dirname "$0")"

./pack.sh || exit 1
feed=$PWD/feed
version=$(basename "$feed"/AmbiSSL.MLNet.*.nupkg .nupkg)
version=${version#AmbiSSL.MLNet.}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export NUGET_PACKAGES=$work/packages DOTNET_ROLL_FORWARD=Major
properties=(-p:AmbiSSLVersion="$version" -p:RestoreAdditionalProjectSources="$feed")
# Packages of others that the machine has already are read where they are.
cache=$(NUGET_PACKAGES= dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
if [ -d "$cache" ]; then
  properties+=(-p:RestoreFallbackFolders="$cache")
fi

. ../tests/check.sh

build() { # NAME ARGUMENT... : a project of its own, whose output is NAME.log
  cp -r smoke "$work/$1" && dotnet build "$work/$1" -c Release --nologo "${properties[@]}" "${@:2}" >"$work/$1.log" 2>&1 && return
  grep -E "error|warning" "$work/$1.log" | sort -u
  false
}
says() { grep -q "$2" "$work/$1.log"; }
run() { dotnet "$work/consumer/bin/Release/$1/"*/Consumer.dll "${@:2}"; }

package() { echo "$work/packages/$(echo "$1" | tr '[:upper:]' '[:lower:]')/$version"; }
comes_from_the_feed() { grep -qF "$feed" "$(package "$1")/.nupkg.metadata"; }
has_files() { local file; for file in README.md CHANGELOG.md icon.png bom.json; do [ -f "$(package "$1")/$file" ] || return 1; done; }
names_no_folder() { grep -rF "$(realpath ..)/" "$(package "$1")"/{lib,bom.json,*.nuspec}; [ $? -eq 1 ]; }
asks_for_exact_version() { grep -qF "id=\"AmbiSSL.Torch\" version=\"[$version]\"" "$(package AmbiSSL.MLNet)"/*.nuspec; }
samples_the_same() { # FRAMEWORK
  local trained sampled
  trained=$(run "$1" train "$work/$1.zip") && sampled=$(run "$1" sample "$work/$1.zip") || return 1
  echo "$1: trained $trained, loaded in another process $sampled"
  [ -n "$trained" ] && [ "$trained" = "$sampled" ]
}
makes_project() { # NAME ARGUMENT... : of the template
  dotnet new ambissl-console --output "$work/$1" --debug:custom-hive "$work/hive" "${@:2}" >"$work/$1.log" 2>&1 || { cat "$work/$1.log"; return 1; }
}
trains_on_folder() { # NAME
  dotnet build "$work/$1" -c Release --nologo "${properties[@]}" -warnaserror >"$work/$1.log" 2>&1 || { grep -E "error|warning" "$work/$1.log" | sort -u; return 1; }
  run net10.0 draw "$work/lesions" && (cd "$work/$1" && dotnet "bin/Release/net10.0/$1.dll" ../lesions 1 && [ -s model.zip ] && [ -s samples.png ])
}

check "an application builds for .NET 8 and 10 without a warning" build consumer -warnaserror
for id in AmbiSSL.Torch AmbiSSL.MLNet; do
  check "$id comes from the feed" comes_from_the_feed "$id"
  check "$id has a README, changes, an icon and a bill of materials" has_files "$id"
  check "$id has symbols" test -s "$feed/$id.$version.snupkg"
  check "$id names no folder of this machine" names_no_folder "$id"
done
check "AmbiSSL.MLNet asks for exactly its own version of AmbiSSL.Torch" asks_for_exact_version
check "net8.0 trains, saves, loads in another process and samples the same" samples_the_same net8.0
check "net10.0 trains, saves, loads in another process and samples the same" samples_the_same net10.0

dotnet new install "$feed"/AmbiSSL.Templates.*.nupkg --debug:custom-hive "$work/hive" >/dev/null
check "dotnet new makes a project of the template" makes_project Scans
check "it builds without a warning and trains on a folder" trains_on_folder Scans
check "dotnet new takes a backend" makes_project Cards --backend cuda-windows
check "the project asks for its package" grep -q 'Include="TorchSharp-cuda-windows"' "$work/Cards/Cards.csproj"

without_torch=(-p:WithoutTorch=true -p:TargetFrameworks=net10.0)
check "an application without libtorch builds" build torchless "${without_torch[@]}"
check "it is warned" says torchless "warning AMBISSL001"
build skia "${without_torch[@]}" -p:SkiaSharpVersion=3.119.0 >/dev/null
check "SkiaSharp 3 in the same application is an error" says skia "error AMBISSL002"
check "a property allows it" build skia-allowed "${without_torch[@]}" -p:SkiaSharpVersion=3.119.0 -p:AmbiSSLCheckSkiaSharp=false

echo "Smoke: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
