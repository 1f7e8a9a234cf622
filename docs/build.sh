#!/usr/bin/env bash
# Builds the documentation site into docs/_site; --serve shows it at http://localhost:8080. A link or name that leads nowhere is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
# The SDK remembers in which package folder the tool lies. Where that folder is gone, a restore does not notice, and the tool is not found.
rm -f "${DOTNET_CLI_HOME:-$HOME}"/.dotnet/toolResolverCache/*/docfx
dotnet tool restore
dotnet docfx docfx.json --warningsAsErrors "$@"
