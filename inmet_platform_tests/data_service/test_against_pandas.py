"""Answers worked out again with pandas from a CSV: equal, for full, gappy and empty stations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from data_service.app import create_app
from inmet_platform.config.settings import Settings
from inmet_platform_tests.data_service.made import weather, write
from inmet_platform_tests.embedded import write_home

STATIONS = ("A001", "A002", "A009")
ZONE = "America/Sao_Paulo"
FIRST, LAST = "2023-11-20", "2024-02-10"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Path]]:
    settings: Settings = write_home(tmp_path_factory.mktemp("home"))
    count = 24 * 130
    held = weather("A001", "2023-10-20T00", count, seed=1, gaps=0.0)
    held += weather("A002", "2023-10-20T00", count, seed=2, gaps=0.15)
    write(settings, held)
    path = settings.home / "hours.csv"
    pd.DataFrame(held).to_csv(path, index=False)
    with TestClient(create_app(settings), base_url=settings.data_url) as client:
        yield client, path


def ask(client: TestClient, path: str, **parameters: Any) -> list[dict[str, Any]]:
    asked = {"from": FIRST, "to": LAST, "tz": ZONE, **parameters}
    answer = client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def read(path: Path, code: str, *, whole: bool = False) -> pd.DataFrame:
    """The station's hours by the local time in which they begin; all labels of the period."""
    frame = pd.read_csv(path, parse_dates=["observed_at"])
    frame = frame[frame["station_id"] == code]
    began = (frame["observed_at"] - pd.Timedelta(hours=1)).dt.tz_localize("UTC")
    frame.index = pd.DatetimeIndex(began.dt.tz_convert(ZONE))
    if whole:
        return frame
    end = pd.Timestamp(LAST, tz=ZONE) + pd.Timedelta(days=1)
    labels = pd.date_range(pd.Timestamp(FIRST, tz=ZONE), end, freq="h", inclusive="left")
    return frame.reindex(labels)


def same(found: list[Any], expected: Any, within: float = 0.0051) -> None:
    np.testing.assert_allclose(
        np.array(found, dtype=float), np.array(expected, dtype=float), atol=within
    )


@pytest.mark.parametrize("code", STATIONS)
def test_series_by_day(served: tuple[TestClient, Path], code: str) -> None:
    client, path = served
    names = ["temperature_c", "precipitation_mm", "temperature_max_c", "wind_gust_ms"]
    found = ask(client, "/series", station=code, variables=",".join(names), step="day")
    days = read(path, code)[names].groupby(lambda at: at.date())
    hows = dict(zip(names, ["mean", "sum", "max", "max"], strict=True))
    values = days.agg(hows).where(days.count() >= 12)
    assert [row["at"][:10] for row in found] == [str(day) for day in values.index]
    for name in names:
        same([row[name] for row in found], values[name])


@pytest.mark.parametrize("code", STATIONS)
def test_rain_accumulated(served: tuple[TestClient, Path], code: str) -> None:
    client, path = served
    found = ask(client, "/rain", station=code, step="hour")
    rain = read(path, code)["precipitation_mm"]
    same([row["precipitation_mm"] for row in found], rain)
    same([row["accumulated_mm"] for row in found], rain.cumsum())


@pytest.mark.parametrize("code", STATIONS)
def test_classes_by_month(served: tuple[TestClient, Path], code: str) -> None:
    client, path = served
    found = ask(client, "/classes", station=code, by="month", scale="wmo")
    rain = read(path, code)["precipitation_mm"]
    names = ["sem chuva", "fraca", "moderada", "forte", "muito forte"]
    edges = [-np.inf, 0.0, 2.5, 10.0, 50.0, np.inf]
    named = pd.cut(rain, edges, labels=names).astype(object).fillna("sem dado")
    months = pd.Series(rain.index.strftime("%Y-%m"), rain.index)
    counts = pd.crosstab(months, named).reindex(columns=[*names, "sem dado"], fill_value=0)
    assert {(row["month"], row["class"]): row["hours"] for row in found} == {
        (month, name): int(counts.loc[month, name])
        for month in counts.index
        for name in counts.columns
    }


@pytest.mark.parametrize("code", STATIONS)
def test_heatmap(served: tuple[TestClient, Path], code: str) -> None:
    client, path = served
    found = ask(client, "/heatmap", station=code, variable="humidity_pct")
    humidity = read(path, code)["humidity_pct"]
    groups = humidity.groupby([humidity.index.month, humidity.index.hour])
    whole = pd.MultiIndex.from_product([range(1, 13), range(24)])
    same([row["mean"] for row in found], groups.mean().reindex(whole))
    same([row["hours"] for row in found], groups.count().reindex(whole, fill_value=0))


@pytest.mark.parametrize("code", STATIONS)
def test_wind_rose(served: tuple[TestClient, Path], code: str) -> None:
    client, path = served
    found = ask(client, "/wind-rose", station=code)
    wind = read(path, code)[["wind_speed_ms", "wind_direction_deg"]]
    blowing = wind[wind["wind_speed_ms"] >= 0.5].dropna()
    calm = int((wind["wind_speed_ms"] < 0.5).sum())
    total = len(blowing) + calm
    sectors = ((blowing["wind_direction_deg"] + 11.25) % 360 // 22.5).astype(int)
    names = ["0.5-2", "2-4", "4-6", "6-8", ">= 8"]
    speeds = pd.cut(blowing["wind_speed_ms"], [0.5, 2, 4, 6, 8, np.inf], labels=names, right=False)
    counts = blowing.groupby([sectors, speeds], observed=True).size().to_dict()
    expected = [calm, *(counts.get((it, name), 0) for it in range(16) for name in names)]
    assert [row["hours"] for row in found] == expected
    if total:
        same([row["share"] for row in found], np.array(expected) / total)
    else:
        assert {row["share"] for row in found} == {None}


@pytest.mark.parametrize("code", STATIONS)
def test_climatology(served: tuple[TestClient, Path], code: str) -> None:
    client, path = served
    found = ask(client, "/climatology", station=code)
    frame = read(path, code, whole=True)
    month = frame.index.strftime("%Y-%m")
    enough = {key: 0.8 * 24 * pd.Period(key).days_in_month for key in month.unique()}
    rain = frame.groupby(month)["precipitation_mm"].agg(["sum", "count"])
    rain = rain["sum"][rain["count"] >= [enough[key] for key in rain.index]]
    of_year = rain.groupby([int(key[5:]) for key in rain.index])
    same([row["rain_mm"] for row in found], of_year.mean().reindex(range(1, 13)).round(1))
    same([row["years"] for row in found], of_year.count().reindex(range(1, 13), fill_value=0))


@pytest.mark.parametrize("code", STATIONS)
def test_percentiles(served: tuple[TestClient, Path], code: str) -> None:
    client, path = served
    found = ask(client, "/percentiles", station=code, variable="temperature_c", year=2024)
    frame = read(path, code, whole=True)["temperature_c"]
    days = frame.groupby(lambda at: at.date())
    daily = days.mean()[days.count() >= 12]
    of_day = {pd.Timestamp(day): value for day, value in daily.items()}
    for row in found[::30]:
        middle = pd.Timestamp(row["day"])
        pool = [
            value
            for day, value in of_day.items()
            if day.year != 2024
            and any(abs((day.replace(year=year) - middle).days) <= 7 for year in (2023, 2024, 2025))
        ]
        expected = np.percentile(pool, [10, 25, 50, 75, 90]) if pool else [None] * 5
        same([row[name] for name in ("p10", "p25", "p50", "p75", "p90")], expected, within=0.0101)
        same([row["value"]], [of_day.get(middle)])
