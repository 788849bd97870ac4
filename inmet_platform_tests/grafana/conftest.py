"""The real data service over the exported files of two synthetic stations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from data_service.app import create_app
from inmet_platform.inmet.quality.rules import RULES
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.grafana.infinity import parameters
from inmet_platform_tests.painel.files import write_files

# What Grafana has for the variables: two years that end where the files do.
VARIABLES = {
    "station": "Z999",
    "scale": "alerta_rio",
    "scale:text": "Alerta Rio",
    "variable": "temperature_c",
    "variable:text": "Temperatura (°C)",
    "season": "all",
    "season:text": "Ano inteiro",
    "__from:date:iso": "2023-01-01T03:00:00.000Z",
    "__to:date:iso": "2024-12-31T03:00:00.000Z",
    "__to:date:YYYY": "2024",
}

PIPELINE = {
    "written_at": "2025-01-01T00:00:00+00:00",
    "files": {"clean": 3, "rejected": 1},
    "layers": [{"layer": "RAW", "rows": 17_544, "detail": "2 estação(ões)"}],
    "rejected": [{"file": "raw/a.csv", "message": "No header.", "at": None}],
    "pipes": [
        {
            **{"name": "RAW.OBSERVATIONS_PIPE", "state": "RUNNING", "pending": 0},
            **{"last_ingested": "2025-01-01T00:00:00+00:00", "lag_s": 1.5},
        }
    ],
}

Ask = Callable[..., dict[str, Any]]


class Refused(Exception):
    """Too much was asked for at once."""


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("grafana")
    folder = write_home(home).processed_dir
    write_files(folder)
    (folder / "inmet_pipeline.json").write_text(json.dumps(PIPELINE))
    _fire_a_rule(folder / "inmet_clean" / "2024.parquet")
    return home


def _fire_a_rule(path: Path) -> None:
    """The first rule that suspects the temperature fired in every hour of the year."""
    bit = next(
        place
        for place, rule in enumerate(RULES)
        if rule.verdict != "fail" and "temperature_c" in rule.conditions
    )
    table = pq.read_table(path)
    for name, value in (("qc_tests", 1 << bit), ("temperature_flag", 3)):
        place = table.schema.get_field_index(name)
        kind = table.schema.field(name).type
        table = table.set_column(place, name, pa.array([value] * len(table), kind))
    pq.write_table(table, path)


def _asking(client: TestClient) -> Ask:
    def ask(target: dict[str, Any], **variables: str) -> dict[str, Any]:
        answer = client.get(target["url"], params=parameters(target, VARIABLES | variables))
        if answer.status_code == 413:
            raise Refused(answer.json()["detail"])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return ask


@pytest.fixture(scope="session")
def ask(exported: Path) -> Iterator[Ask]:
    """Asks the data service what a target asks; variables can be others for once."""
    settings = write_home(exported)
    with TestClient(create_app(settings), base_url=settings.data_url) as client:
        yield _asking(client)


@pytest.fixture(scope="session")
def ask_bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The same where nothing but observations was exported: no model, no forecast, no pipeline."""
    settings = write_home(tmp_path_factory.mktemp("bare"))
    write_files(settings.processed_dir)
    gone = ("inmet_model.json", "inmet_drift.json", "inmet_rain_forecast.parquet")
    for name in (*gone, "inmet_stations.csv"):
        (settings.processed_dir / name).unlink()
    with TestClient(create_app(settings), base_url=settings.data_url) as client:
        yield _asking(client)
