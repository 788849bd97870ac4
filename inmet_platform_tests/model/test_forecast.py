import numpy as np
import pytest

from inmet_platform.model.blocks import split
from inmet_platform.model.classifier import RainClassifier
from inmet_platform.model.forecast import HOURS_NEEDED, LONGEST_SILENCE_H, forecast, newest_rows
from inmet_platform.model.grid import Grid
from inmet_platform.model.station_features import LOOK_BACK_H
from inmet_platform_tests.model.synthetic import grid_with, part_of, synthetic_grid


def silenced(grid: Grid, station: int, hours: int) -> Grid:
    """Nothing of the station in the last hours."""
    for values in grid.values.values():
        values[station, grid.shape[1] - hours :] = np.nan
    return grid


@pytest.fixture(scope="module")
def model() -> RainClassifier:
    blocks = split(synthetic_grid(5, 60))
    return RainClassifier().fit(
        blocks.train.features,
        blocks.train.rain_next_mm,
        blocks.calibration.features,
        blocks.calibration.rain_next_mm,
    )


def test_there_is_one_row_a_station_valid_the_hour_after_its_newest(model: RainClassifier) -> None:
    grid = silenced(synthetic_grid(5, 40), 2, 7)
    table = forecast(grid, newest_rows(grid), model, "4", 0.3).to_pydict()
    newest = grid.hours[-1].astype("datetime64[us]").item()
    ages = [(newest - at).total_seconds() / 3600 for at in table["observed_at"]]
    assert table["station_id"] == grid.station_ids.tolist()
    assert ages == [0, 0, 7, 0, 0]
    for observed_at, valid_at in zip(table["observed_at"], table["valid_at"], strict=True):
        assert (valid_at - observed_at).total_seconds() == 3600
    assert set(table["model_version"]) == {"4"}
    over_0, over_5 = table["probability_over_0_mm"], table["probability_over_5_mm"]
    assert table["says_rain"] == [value >= 0.3 for value in over_0]
    assert all(low <= high for low, high in zip(over_5, over_0, strict=True))


def test_a_station_that_has_been_silent_for_two_days_is_left_out() -> None:
    grid = synthetic_grid(4, 40)
    silenced(grid, 1, LONGEST_SILENCE_H)
    silenced(grid, 2, LONGEST_SILENCE_H + 1)
    silenced(grid, 3, grid.shape[1])
    assert newest_rows(grid).station.tolist() == [0, 1]


def with_a_dry_station(days: int) -> Grid:
    grid = synthetic_grid(6, days, seed=5)
    rain = grid.values["precipitation_mm"]
    rain[1, 48:] = np.where(np.isnan(rain[1, 48:]), np.nan, 0.0)
    rain[2, 48:] = 0.0
    return silenced(grid, 4, 30)


def test_forecast_and_training_know_the_same_of_an_hour() -> None:
    """Also of a station that has been dry for longer than a forecast looks back."""
    grid = with_a_dry_station(80)
    recent = newest_rows(part_of(grid, hours=slice(grid.shape[1] - HOURS_NEEDED, None)))
    # What training would make of these hours, were the next one's rain known.
    whole = newest_rows(grid)
    assert recent.station.tolist() == whole.station.tolist() == list(range(6))
    np.testing.assert_array_equal(np.isnan(recent.features), np.isnan(whole.features))
    np.testing.assert_allclose(recent.features, whole.features, rtol=1e-3, atol=1e-3)
    dry = whole.names.index("dry_for_h")
    assert whole.features[2, dry] == 240


def test_the_features_of_an_hour_are_those_that_training_has_of_it() -> None:
    """Training meets it within its blocks; the forecast when it was the newest hour."""
    grid = synthetic_grid(6, 60, seed=6)
    for block in (split(grid).train, split(grid).test):
        last = int(block.hour.max())
        then = newest_rows(part_of(grid, hours=slice(0, last + 1)))
        trained = block.where(block.hour == last)
        asked = then.where(np.isin(then.station, trained.station) & (then.hour == last))
        assert len(asked)
        of_asked = trained.where(np.isin(trained.station, asked.station))
        np.testing.assert_allclose(asked.features, of_asked.features, rtol=1e-3, atol=1e-3)


def test_a_forecast_looks_back_as_far_as_the_longest_window_of_a_silent_station() -> None:
    assert HOURS_NEEDED == LOOK_BACK_H + LONGEST_SILENCE_H
    short = grid_with(np.zeros((1, 5), np.float32))
    assert len(newest_rows(short)) == 1, "a few hours are little, but no trouble"
