"""What the chain exports is what the service says: days as CLEAN.DAILY, stations, pipeline."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from fastapi.testclient import TestClient

from data_service.app import create_app
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.warehouse.views.made import Made

COLUMNS = (
    *("precipitation_mm", "temperature_mean_c", "temperature_max_c", "temperature_min_c"),
    *("humidity_mean_pct", "wind_gust_max_ms"),
)


def _with_gaps() -> bytes:
    """Ten days; some of their hours, more and more of them, are missing."""
    rng = np.random.default_rng(5)
    made = Made("A001", "2020-01-01T00", 240)
    for name in (
        *("temperature_c", "temperature_max_c", "temperature_min_c", "humidity_pct"),
        *("wind_gust_ms", "precipitation_mm"),
    ):
        values = np.round(rng.uniform(10, 30, 240), 1)
        values[rng.random(240) < np.linspace(0, 0.5, 240)] = np.nan
        made.values[name] = values
    made.values["temperature_max_c"] = made.values["temperature_c"] + 1
    made.values["temperature_min_c"] = made.values["temperature_c"] - 1
    return made.file()


def test_the_service_tells_days_stations_and_pipeline_of_the_warehouse(chain: Chain) -> None:
    files = {"good.CSV": _with_gaps(), "bad.CSV": b"import sys"}
    chain.put("files.zip", zip_of(files))
    chain.put("A002.CSV", small_portal_file("A002"))
    chain.bring()
    view = chain.sql("SELECT * FROM CLEAN.DAILY WHERE station_id = 'A001' ORDER BY day")
    with TestClient(create_app(chain.settings), base_url=chain.settings.data_url) as client:
        _check_days(client, view)
        [first, second] = client.get("/stations").json()["rows"]
        assert (first["name"], first["uf"], first["latitude_deg"]) == ("TESTE", "DF", -15.5)
        assert (first["station_id"], second["station_id"]) == ("A001", "A002")
        told = client.get("/pipeline").json()
        _check_pipeline(told, chain)


def _check_days(client: TestClient, view: list[dict[str, Any]]) -> None:
    asked = {"station": "A001", "from": str(view[0]["day"]), "to": str(view[-1]["day"])}
    found = client.get("/daily", params=asked).json()["rows"]
    assert [row["day"] for row in found] == [str(row["day"]) for row in view]
    for ours, theirs in zip(found, view, strict=True):
        assert [ours[name] for name in COLUMNS] == [theirs[name] for name in COLUMNS]
    for name in COLUMNS:
        assert {row[name] is None for row in found} == {True, False}


def _check_pipeline(told: dict[str, Any], home: Chain) -> None:
    layers = {row["layer"]: row["rows"] for row in told["rows"]}
    clean = home.count("CLEAN.OBSERVATIONS")
    raw = home.count("RAW.OBSERVATIONS")
    assert layers == {"arquivos": 2, "RAW": raw, "CLEAN": clean, "CSV": clean}
    assert sum(told["files"].values()) == 2
    [refused] = told["rejected"]
    assert refused["file"].endswith("files.zip / bad.CSV")
    assert "bad.CSV" in refused["message"]
    assert {pipe["state"] for pipe in told["pipes"]} == {"RUNNING"}
    assert told["pipes"][0]["last_ingested"]
    written = json.loads((home.settings.processed_dir / "inmet_pipeline.json").read_text())
    assert told["freshness"]["exported_at"][:19] == written["written_at"][:19]
