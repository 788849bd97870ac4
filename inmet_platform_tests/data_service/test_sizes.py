"""A download holds all, an answer for a picture no more than it can show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from inmet_platform.config.settings import Settings
from inmet_platform.results.manifest import CLEAN_SCHEMA
from inmet_platform_tests.data_service.made import hours, weather, write

Rows: TypeAlias = Callable[..., list[dict[str, Any]]]

YEAR = weather("A001", "2024-01-01T01", 24 * 40, seed=1, gaps=0.1)
OF_YEAR = {"station": "A001", "from": "2024-01-01", "to": "2024-02-09", "tz": "UTC"}

NETWORK = (
    "station_id name uf latitude_deg longitude_deg observed_at age_h temperature_c "
    "precipitation_mm rain_24h_mm rain_72h_mm rain_class rain_probability"
)
NEWEST = {"/stations", "/latest", "/latest?station=A001", "/pipeline"}
CONTRACT = {
    "/stations": "station_id name uf region latitude_deg longitude_deg altitude_m first_hour "
    "last_hour hours",
    "/latest": NETWORK,
    "/latest?station=A001": f"{NETWORK} humidity_pct pressure_hpa pressure_change_3h_hpa "
    "wind_speed_ms wind_gust_ms wind_direction_deg",
    "/series?variables=temperature_c,wind_gust_ms": "at temperature_c wind_gust_ms",
    "/rain": "at precipitation_mm accumulated_mm",
    "/daily": "day precipitation_mm temperature_mean_c temperature_max_c temperature_min_c "
    "humidity_mean_pct wind_gust_max_ms hours",
    "/classes": "class hours share",
    "/classes?by=month": "month class hours share",
    "/classes?by=hour": "hour class hours share",
    "/climatology": "month rain_mm rain_days temperature_mean_c temperature_max_c "
    "temperature_min_c humidity_mean_pct years",
    "/heatmap?variable=temperature_c": "month hour mean hours",
    "/wind-rose": "sector speed_class hours share",
    "/percentiles?variable=temperature_c": "day_of_year day p10 p25 p50 p75 p90 value",
    "/anomalies": "month rain_mm rain_anomaly_pct temperature_c temperature_anomaly_c",
    "/records": "what label value unit at",
    "/completeness": "month variable share",
    "/pipeline": "layer rows detail",
}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_download_holds_the_hours_of_the_period_and_all_columns(
    client: TestClient, home: Settings, form: str
) -> None:
    held = hours("A001", "2024-01-01T00", 100, temperature_c=20.0)
    write(home, held)
    answer = client.get(
        f"/download?station=A001&format={form}&from=2024-01-02&to=2024-01-03&tz=UTC"
    )
    assert "attachment" in answer.headers["content-disposition"]
    read = pq.read_table if form == "parquet" else pyarrow.csv.read_csv
    table = read(pa.BufferReader(answer.content))
    assert table.column_names == CLEAN_SCHEMA.names
    assert table.num_rows == 48


def test_no_answer_has_more_than_3000_rows_or_200_kb(client: TestClient, home: Settings) -> None:
    write(home, hours("A001", "2015-01-01T01", 24 * 3650, temperature_c=20.0, precipitation_mm=1.2))
    for question in ("/rain?", "/series?variables=temperature_c,precipitation_mm"):
        for since in ("2024-12-01", "2024-08-20", "2022-01-01", "2015-01-01"):
            answer = client.get(f"{question}&station=A001&from={since}")
            assert len(answer.json()["rows"]) <= 3000
            assert len(answer.content) <= 200_000
