#!/usr/bin/env bash
# Packs the command-line tool into nuget/feed: a small package that points to one for each system, which holds that system's libtorch alone.
# usage: pack-tool.sh [RID...]     linux-x64 win-x64 osx-arm64 where none is named
set -euo pipefail
cd "$(dirname "$0")"

rids=("$@")
[ ${#rids[@]} -gt 0 ] || rids=(linux-x64 win-x64 osx-arm64)
joined=$(IFS=';' && echo "${rids[*]}")
dotnet pack ../src/AmbiSSL.Cli -c Release -o feed --nologo "-p:ToolPackageRuntimeIdentifiers=\"$joined\""
ls -l feed
