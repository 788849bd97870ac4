"""The champion's forecast from the files for people to Parquet, warehouse and command."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from data_service.app import create_app
from inmet_platform.assets.rain_forecast import rain_forecast
from inmet_platform.checks.model import champion_still_fits
from inmet_platform.config.settings import Settings
from inmet_platform.definitions import build_defs
from inmet_platform.model.recipe import CHAMPION, MODEL_NAME
from inmet_platform.model.training import RainModel
from inmet_platform.model_registry.forecasting import (
    NoChampion,
    NoForecast,
    make_forecast,
    rows_of,
    write_warehouse,
)
from inmet_platform.model_registry.monitoring import WORST_RATIO, check_champion
from inmet_platform.model_registry.promotion import register_challenger
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.results.result_files import ResultFiles
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.embedded import EmbeddedCloud, administrator, write_home
from inmet_platform_tests.model.synthetic import (
    part_of,
    synthetic_grid,
    synthetic_model,
    write_results,
)

LATER = synthetic_grid(12, 130)


def make_champion(settings: Settings, model: RainModel) -> None:
    tracking = MlflowTracking(home=str(settings.home))
    client = tracking.client()
    with tracking.run("test", {}) as run_id:
        registered, _ = register_challenger(client, run_id, model)
    client.set_registered_model_alias(MODEL_NAME, CHAMPION, registered)


@pytest.fixture(scope="module")
def tenant(
    embedded_cloud: EmbeddedCloud,
    tmp_path_factory: pytest.TempPathFactory,
    with_model_store: Callable[[Settings], Settings],
) -> Settings:
    """With a champion, and the observations that it was made of."""
    settings = with_model_store(
        embedded_cloud.loaders_tenant(tmp_path_factory.mktemp("forecasting"))
    )
    write_results(settings.processed_dir, synthetic_grid(12, 70))
    make_champion(settings, synthetic_model())
    return settings


@pytest.fixture
def files(tenant: Settings) -> ResultFiles:
    return ResultFiles(tenant.processed_dir)


def test_every_station_has_a_forecast_by_the_champion(tenant: Settings, files: ResultFiles) -> None:
    made = make_forecast(tenant, files)
    assert made.champion.version == "1"
    rows = rows_of(made, [])
    assert [row["station_id"] for row in rows] == [f"A{number:03}" for number in range(1, 13)]
    for row in rows:
        for name in ("probability_over_0_mm", "probability_over_5_mm", "probability_over_25_mm"):
            assert row[name] == round(row[name], 3)
    [one] = rows_of(made, ["A003"])
    assert one == rows[2]


def test_a_station_without_a_present_is_told_with_one_that_has_it(
    tenant: Settings, files: ResultFiles
) -> None:
    made = make_forecast(tenant, files)
    with pytest.raises(NoForecast) as told:
        rows_of(made, ["A001", "A999"])
    assert str(told.value).startswith("no forecast for A999: expected a station with an ")
    assert "such as A001, A002" in str(told.value)
    assert "`inmet export --station A999`" in str(told.value)


def test_without_a_champion_or_without_one_that_knows_the_features_there_is_none(
    tmp_path: Path, with_model_store: Callable[[Settings], Settings]
) -> None:
    settings = with_model_store(write_home(tmp_path))
    files = write_results(settings.processed_dir, synthetic_grid(12, 35))
    with pytest.raises(NoChampion, match="has no inmet-rain with the alias champion"):
        make_forecast(settings, files)
    assert check_champion(settings, files) is None
    model = synthetic_model()
    example = model.feature_example.rename(columns={"rain_mm": "an_older_name"})
    make_champion(settings, replace(model, feature_example=example))
    with pytest.raises(NoChampion, match="version 1 was made with other features"):
        make_forecast(settings, files)
    assert check_champion(settings, files) is None


def stored(settings: Settings) -> list[dict[str, object]]:
    with open_session(settings, tag="test") as session:
        return list(
            session.query_text(
                "SELECT station_id, valid_at, model_version, probability_over_0_mm, made_at "
                "FROM CLEAN.RAIN_FORECAST ORDER BY valid_at, station_id, model_version"
            )
        )


def test_forecasts_are_merged_and_earlier_ones_stay(tenant: Settings, files: ResultFiles) -> None:
    table = make_forecast(tenant, files).table
    with open_session(tenant, tag="test") as session:
        write_warehouse(session, table)
        first = stored(tenant)
        assert [row["station_id"] for row in first] == table["station_id"].to_pylist()
        assert [row["probability_over_0_mm"] for row in first] == pytest.approx(
            table["probability_over_0_mm"].to_pylist()
        )
        write_warehouse(session, table)
        again = stored(tenant)
        assert len(again) == len(first), "the same forecast is no second one"
        assert all(
            row["made_at"] >= before["made_at"] for row, before in zip(again, first, strict=True)
        )  # type: ignore[operator]
        other = table.set_column(
            table.column_names.index("model_version"), "model_version", [["2"] * len(table)]
        )
        write_warehouse(session, other)
    versions = [row["model_version"] for row in stored(tenant)]
    assert (versions.count("1"), versions.count("2")) == (len(table), len(table))


def test_the_asset_writes_parquet_and_warehouse(tenant: Settings, files: ResultFiles) -> None:
    with open_session(administrator(tenant), tag="test") as session:
        session.query_text("DELETE FROM CLEAN.RAIN_FORECAST")
    resources = build_defs(tenant).resources or {}
    wanted = {name: resources[name] for name in ("results", "mlflow", "warehouse")}
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([rain_forecast], instance=instance, resources=wanted)
    (event,) = result.asset_materializations_for_node("rain_forecast")
    told = {name: value.value for name, value in event.metadata.items()}
    assert told["dagster/row_count"] == 12
    assert told["model_version"] == "1"
    written = pq.read_table(files.forecast_parquet)
    assert written.equals(make_forecast(tenant, files).table)
    assert len(stored(tenant)) == 12


@pytest.fixture(scope="module")
def home(
    tmp_path_factory: pytest.TempPathFactory, with_model_store: Callable[[Settings], Settings]
) -> Settings:
    settings = with_model_store(write_home(tmp_path_factory.mktemp("watched")))
    make_champion(settings, synthetic_model())
    return settings


def test_a_champion_fits_hours_like_those_it_was_made_of(home: Settings) -> None:
    """The same storms, two months on: it never saw them, and they are alike."""
    files = write_results(home.processed_dir, LATER)
    found = check_champion(home, files)
    assert found
    assert found.hours > 1000
    assert found.brier < WORST_RATIO * found.expected_brier
    assert found.drifted == {}
    assert found.fits


def test_what_the_check_finds_is_what_the_data_service_tells(home: Settings) -> None:
    files = write_results(home.processed_dir, LATER)
    mlflow, results = MlflowTracking(home=str(home.home)), ResultsFolder(path=str(files.folder))
    result = champion_still_fits(mlflow=mlflow, results=results)
    assert isinstance(result, dg.AssetCheckResult)
    assert result.passed
    with TestClient(create_app(home), base_url=home.data_url) as client:
        told = client.get("/model").json()["drift"]
        assert [row["version"] for row in told] == ["1"] * 15
        assert told == sorted(told, key=lambda row: -row["index"])
        files.drift_json.write_text("{")
        assert client.get("/model").json()["drift"] == []
        written = files.drift_json.stat().st_size
    champion_still_fits(mlflow=mlflow, results=results)
    assert files.drift_json.stat().st_size > written


def test_a_feature_that_moved_is_named_first_and_the_champion_does_not_fit(
    home: Settings,
) -> None:
    grid = part_of(LATER)
    moved = {**grid.values, "temperature_c": grid.values["temperature_c"] + 60}
    found = check_champion(home, write_results(home.processed_dir, replace(grid, values=moved)))
    assert found
    assert found.drifted["temperature_c"] > 1
    assert "humidity_pct" not in found.drifted
    assert list(found.drifted.values()) == sorted(found.drifted.values(), reverse=True)
    assert not found.fits


def test_a_worse_score_on_hours_never_seen_is_told(home: Settings) -> None:
    """Rain that comes by chance, half of all hours: nobody foresees it."""
    rain = (synthetic_grid(12, 130, seed=1).values["humidity_pct"] > 70).astype("float32")
    values = {**LATER.values, "precipitation_mm": rain}
    found = check_champion(home, write_results(home.processed_dir, replace(LATER, values=values)))
    assert found
    assert found.brier > WORST_RATIO * found.expected_brier
    assert not found.fits


def test_hours_that_the_champion_was_made_of_are_not_scored(home: Settings) -> None:
    found = check_champion(home, write_results(home.processed_dir, synthetic_grid(12, 70)))
    assert found
    assert found.hours == 0
    assert math.isnan(found.brier)
