#!/usr/bin/env bash
# Loads the code location as Dagster does, by the settings of .env.example; touches no home.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cp .env.example "$home/.env"
printf 'telemetry:\n  enabled: false\n' > "$home/dagster.yaml"
INMET_HOME="$home" DAGSTER_HOME="$home" .venv/bin/dg check defs
