#!/usr/bin/env bash
# Builds the documentation site into docs/_site; --serve shows it at http://localhost:8080. A link or name that leads nowhere is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore
dotnet docfx docfx.json --warningsAsErrors "$@"
