#!/usr/bin/env bash
# The whole pipeline in containers; `scripts/pipeline.sh --help` tells the rest.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<'TEXT'
Usage: scripts/pipeline.sh [--upload]

Starts every service of docker-compose.yml and waits until each is healthy. With --upload it then
sends the CSV and zip files of data/raw/, waits until all of them are clean, and brings the clean
CSV and the model up to date: data/processed/inmet_clean.csv.

Examples:
  scripts/pipeline.sh              # only start
  scripts/pipeline.sh --upload     # start, and take in data/raw/
  docker compose down              # stop; what the services hold stays in their volumes
TEXT
}

fail() {
    echo "pipeline.sh: $*" >&2
    exit 1
}

upload=false
for argument in "$@"; do
    case $argument in
        --upload) upload=true ;;
        -h | --help) usage && exit 0 ;;
        *) fail "expected --upload or nothing; found $argument (--help explains)." ;;
    esac
done

if ! docker info >/dev/null 2>&1 || ! docker compose version >/dev/null 2>&1; then
    fail "no Docker engine with Compose answers here; \`make run\` does the same without containers."
fi
[ -e .env ] || fail "there is no .env; \`cp .env.example .env\`, then fill in its part \"Containers\"."
# Tells every value that is wanted and empty in .env, one after the other.
docker compose config --quiet || fail "mend .env as said above."
if $upload && ! find data/raw -type f \( -iname '*.csv' -o -iname '*.zip' \) | grep -q .; then
    fail "data/raw/ holds no CSV or zip file to upload; put INMET's files there."
fi

echo "Starting the services…"
docker compose up --detach --build --wait
if $upload; then
    echo "Uploading data/raw/…"
    docker compose run -T --rm --no-deps --volume "$PWD/data/raw:/srv/inmet/data/raw:ro" \
        upload inmet upload --wait /srv/inmet/data/raw
    # Waits for an export that is under way, and adds what it did not have yet.
    echo "Writing the results…"
    docker compose exec -T dagster-code \
        dagster asset materialize --select '*' --module-name inmet_platform.definitions
    echo "data/processed/inmet_clean.csv: $(wc -l <data/processed/inmet_clean.csv) lines"
fi
docker compose ps --format 'table {{.Service}}\t{{.Status}}\t{{.Ports}}'
echo "[DONE] Pipeline concluído!"
