#!/usr/bin/env bash
# Packs the libraries, with their symbols, into nuget/feed: a folder that serves as a package source.
set -euo pipefail
cd "$(dirname "$0")"

rm -rf feed
for project in AmbiSSL.Torch AmbiSSL.MLNet; do
  dotnet pack "../src/$project" -c Release -o feed --nologo
done
ls -l feed
