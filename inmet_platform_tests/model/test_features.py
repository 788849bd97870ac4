from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmet_platform.model.features import (
    FEATURE_COUNT,
    Examples,
    examples_at,
    labelled_hours,
)
from inmet_platform.model.grid import INPUTS, Grid
from inmet_platform_tests.model.synthetic import grid_with, matrix, part_of, synthetic_grid

RAIN = [0.0, 0.2, 1.0, 0.0, 0.0, 6.0, 0.0, 0.0]


def everywhere(grid: Grid, hidden: np.ndarray | None = None) -> Examples:
    rows = tuple(axis.ravel() for axis in np.indices(grid.shape))
    [examples] = examples_at(grid, [(rows, np.float32)], hidden)
    return examples


def column(made: Examples, name: str) -> list[float | None]:
    values = made.features[:, made.names.index(name)]
    return [None if np.isnan(value) else round(float(value), 3) for value in values]


def test_features_have_one_name_each_and_the_number_that_is_promised() -> None:
    made = everywhere(synthetic_grid(2, 2))
    assert len(set(made.names)) == len(made.names) == FEATURE_COUNT
    assert made.features.shape == (2 * 48, FEATURE_COUNT)


def test_a_row_has_the_rain_of_its_hour_and_of_the_next() -> None:
    made = everywhere(grid_with(matrix(RAIN)))
    assert made.rain_now_mm.tolist() == pytest.approx(RAIN)
    assert made.rain_next_mm[:-1].tolist() == pytest.approx(RAIN[1:])
    assert np.isnan(made.rain_next_mm[-1])


def test_what_can_be_learned_has_an_observation_and_a_measured_next_hour() -> None:
    grid = grid_with(matrix([0.0, 0.2, None, 0.0, 1.0, 0.0]))
    for name in INPUTS:
        grid.values[name][0, 4] = np.nan
    assert np.flatnonzero(labelled_hours(grid)[0]).tolist() == [0, 2]


def test_own_rain_is_lagged_summed_and_counted_and_a_gap_breaks_it() -> None:
    made = everywhere(grid_with(matrix([0.0, 0.2, 1.0, None, 0.0, 6.0, 0.0, 0.0])))
    assert column(made, "rain_lag_1h_mm") == [None, 0.0, 0.2, 1.0, None, 0.0, 6.0, 0.0]
    assert column(made, "rain_sum_3h_mm") == [None, None, 1.2, None, None, None, 6.0, 6.0]
    assert column(made, "dry_for_h") == [None, 0.0, 0.0, None, None, 0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("direction", "u", "v"), [(360.0, 0.0, -2.0), (90.0, -2.0, 0.0), (225.0, 1.414, 1.414)]
)
def test_wind_components_point_where_the_wind_goes(direction: float, u: float, v: float) -> None:
    grid = grid_with(matrix([0.0]))
    grid.values["wind_direction_deg"][:] = direction
    grid.values["wind_speed_ms"][:] = 2.0
    made = everywhere(grid)
    assert column(made, "wind_u_ms") == pytest.approx([u], abs=1e-3)
    assert column(made, "wind_v_ms") == pytest.approx([v], abs=1e-3)


def test_rain_at_the_neighbours_is_seen_in_its_direction() -> None:
    west_is_wet = everywhere(grid_with(matrix([5.0, 5.0], [0.0, 0.0], [0.0, 0.0])))
    middle = west_is_wet.where(west_is_wet.station == 1)
    assert column(middle, "west6_wet_share") == [1.0, 1.0]
    assert column(middle, "east6_wet_share") == [0.0, 0.0]
    assert column(middle, "west6_wet_share_lag_1h") == [None, 1.0]


def test_no_value_of_a_hidden_station_is_in_the_features_of_another() -> None:
    grid = synthetic_grid(5, 10, seed=3)
    hidden = np.array([False, False, True, False, True])
    absurd = {name: values.copy() for name, values in grid.values.items()}
    for values in absurd.values():
        values[hidden] = 1e6
    before, after = everywhere(grid, hidden), everywhere(replace(grid, values=absurd), hidden)
    others = ~hidden[before.station]
    np.testing.assert_array_equal(before.features[others], after.features[others])


def test_no_feature_with_a_long_memory_knows_the_future_either() -> None:
    """Every feature has a value by then, those of 30 days too."""
    made, cut = synthetic_grid(5, 35, seed=7), 34 * 24
    places = made.places.copy()
    places[:, 0] += [0, 1, -1, 1, -1]
    air = made.values | {"pressure_hpa": made.values["pressure_hpa"] + 900}
    grid = replace(made, places=places, values=air)
    other = {name: values.copy() for name, values in grid.values.items()}
    for values in other.values():
        values[:, cut + 1 :] = 1e4
    before, after = everywhere(grid), everywhere(replace(grid, values=other))
    known = before.hour <= cut
    of_the_last_day = known & (before.hour > cut - 24)
    assert np.isfinite(before.features[of_the_last_day]).any(axis=0).all()
    np.testing.assert_array_equal(before.features[known], after.features[known])
    changed = (before.features[~known] != after.features[~known]).any(axis=0)
    steady = {"solar", "season", "latitude", "longitude", "altitude", "nearest"}
    assert all(changed[[name.split("_")[0] not in steady for name in before.names]])


@settings(max_examples=25, deadline=None)
@given(
    cut=st.integers(1, 78),
    seed=st.integers(0, 10_000),
    gappy=st.floats(0.0, 0.6),
    silent=st.integers(0, 4),
)
def test_no_feature_of_an_hour_changes_when_anything_after_it_does(
    cut: int, seed: int, gappy: float, silent: int
) -> None:
    """Whatever the gaps; own features and the neighbours', of every hour up to the cut."""
    rng = np.random.default_rng(seed)
    rain = np.where(rng.random((4, 80)) < 0.3, rng.integers(1, 60, (4, 80)) * 0.2, 0.0)
    grid = grid_with(rain.astype(np.float32), seed=seed)
    grid.places[silent % 4] += rng.normal(size=3)
    values = {
        name: np.where(rng.random((4, 80)) < gappy, np.nan, it) for name, it in grid.values.items()
    }
    for series in values.values():
        series[: silent % 4, cut // 2 : cut // 2 + 7] = np.nan
    past = replace(grid, values={name: it.astype(np.float32) for name, it in values.items()})
    other = {name: it.copy() for name, it in past.values.items()}
    for series in other.values():
        drawn = rng.uniform(0, 1e4, (4, 79 - cut))
        series[:, cut + 1 :] = np.where(rng.random(drawn.shape) < 0.5, np.nan, drawn)
    before, after = everywhere(past), everywhere(replace(past, values=other))
    known = before.hour <= cut
    np.testing.assert_array_equal(before.features[known], after.features[known])
    assert not np.array_equal(before.features[~known], after.features[~known], equal_nan=True)
    shorter = everywhere(part_of(past, hours=slice(0, cut + 1)))
    np.testing.assert_allclose(before.features[known], shorter.features, rtol=1e-4, atol=1e-4)
