#!/usr/bin/env bash
# Loads the code location as Dagster does, by the settings of .env.example; touches no home.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cp .env.example "$home/.env"
INMET_HOME="$home" DAGSTER_HOME="" .venv/bin/dg check defs
