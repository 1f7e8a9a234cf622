#!/usr/bin/env bash
# Packs the libraries, with their symbols and a list of what they are made of, into the folder feed beside this file, which serves as a package source.
set -euo pipefail
cd "$(dirname "$0")"

rm -rf feed
for project in AmbiSSL.Torch AmbiSSL.MLNet; do
  source=../src/$project
  dotnet build "$source" -c Release --nologo
  version=$(dotnet msbuild "$source" -t:MinVer -getProperty:PackageVersion)
  dotnet tool exec --yes CycloneDX@6.3.1 -- "$source/$project.csproj" --set-name "$project" --set-version "$version" --set-type Library --set-nuget-purl \
    --disable-package-restore --output-format UnsafeJson --output "$source/obj"
  dotnet pack "$source" -c Release --no-build -o feed --nologo -p:BillOfMaterials=obj/bom.json
done
dotnet pack templates -c Release -o feed --nologo
ls -l feed
