import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmet_platform.model.features import INPUTS, Examples, examples, features, hourly_grid
from inmet_platform_tests.model.made import observations

RAIN = [0.0, 0.2, 1.0, 0.0, 0.0, 6.0, 0.0, 0.0]


def rows_of(frame: pd.DataFrame, *columns: str) -> dict[str, list[float | None]]:
    made = features(hourly_grid(frame))
    return {
        name: [None if pd.isna(v) else round(float(v), 3) for v in made[name]] for name in columns
    }


def test_grid_has_every_hour_between_the_first_and_the_last_of_each_station() -> None:
    one = observations(RAIN).drop(index=[2, 3])
    other = observations(RAIN[:3], station_id="A002", first="2021-05-01T10")
    grid = hourly_grid(pd.concat([other, one]))
    assert grid.groupby("station_id").size().to_dict() == {"A001": 8, "A002": 3}
    assert grid.loc[[2, 3], list(INPUTS)].isna().all(axis=None)
    steps = grid.groupby("station_id")["observed_at"].diff().dropna().unique()
    assert list(steps) == [pd.Timedelta(hours=1)]


def test_lags_sums_and_dry_spells_of_an_unbroken_series() -> None:
    assert rows_of(observations(RAIN), "rain_lag_1h_mm", "rain_sum_3h_mm", "dry_for_h") == {
        "rain_lag_1h_mm": [None, 0.0, 0.2, 1.0, 0.0, 0.0, 6.0, 0.0],
        "rain_sum_3h_mm": [None, None, 1.2, 1.2, 1.0, 6.0, 6.0, 6.0],
        "dry_for_h": [None, 0.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0],
    }


def test_a_gap_breaks_lags_sums_and_dry_spells() -> None:
    gappy = observations(RAIN).drop(index=[3])
    assert rows_of(gappy, "rain_lag_1h_mm", "rain_sum_3h_mm", "dry_for_h") == {
        "rain_lag_1h_mm": [None, 0.0, 0.2, 1.0, None, 0.0, 6.0, 0.0],
        "rain_sum_3h_mm": [None, None, 1.2, None, None, None, 6.0, 6.0],
        "dry_for_h": [None, 0.0, 0.0, None, None, 0.0, 1.0, 2.0],
    }


def test_a_pressure_tendency_never_reaches_over_a_gap() -> None:
    frame = observations([0.0] * 6).assign(pressure_hpa=[900.0, 901.0, 903.0, 906.0, 910.0, 915.0])
    assert rows_of(frame.drop(index=[2]), "pressure_tendency_1h_hpa") == {
        "pressure_tendency_1h_hpa": [None, 1.0, None, None, 4.0, 5.0]
    }


def test_no_window_reaches_into_another_station() -> None:
    both = pd.concat([observations(RAIN), observations(RAIN, station_id="A002", seed=1)])
    made = features(hourly_grid(both))
    alone = features(hourly_grid(observations(RAIN, station_id="A002", seed=1)))
    pd.testing.assert_frame_equal(made.iloc[8:].reset_index(drop=True), alone)


@pytest.mark.parametrize(
    ("direction", "u", "v"), [(360.0, 0.0, -2.0), (90.0, -2.0, 0.0), (225.0, 1.414, 1.414)]
)
def test_wind_components_point_where_the_wind_goes(direction: float, u: float, v: float) -> None:
    frame = observations([0.0]).assign(wind_direction_deg=direction, wind_speed_ms=2.0)
    made = rows_of(frame, "wind_u_ms", "wind_v_ms")
    assert made["wind_u_ms"] == pytest.approx([u], abs=1e-3)
    assert made["wind_v_ms"] == pytest.approx([v], abs=1e-3)


def test_examples_pair_an_hour_with_the_class_of_the_next() -> None:
    made = examples(observations(RAIN))
    assert made.rain_class_now.tolist() == [0, 1, 1, 0, 0, 2, 0]
    assert made.rain_class_next.tolist() == [1, 1, 0, 0, 2, 0, 0]


def test_hours_before_a_gap_and_without_observation_are_no_examples() -> None:
    made = examples(observations(RAIN).drop(index=[3]))
    assert pd.DatetimeIndex(made.hours).hour.tolist() == [0, 1, 4, 5, 6]


def up_to(made: Examples, last: pd.Timestamp) -> pd.DataFrame:
    return made.features[made.hours <= last].reset_index(drop=True)


@settings(max_examples=40, deadline=None)
@given(
    cut=st.integers(1, 58),
    gaps=st.sets(st.integers(0, 59), max_size=20),
    seed=st.integers(0, 1000),
)
def test_no_feature_changes_when_the_future_does(cut: int, gaps: set[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    rain = np.where(rng.random(60) < 0.3, rng.integers(1, 60, 60) * 0.2, 0.0)
    past = observations(rain.tolist(), seed=seed).drop(index=sorted(gaps - {0, cut, cut + 1, 59}))
    last = past["observed_at"].iloc[0] + pd.Timedelta(hours=cut)
    changed = past.copy()
    later = changed["observed_at"] > last
    changed.loc[later, list(INPUTS)] = rng.uniform(0, 90, (int(later.sum()), len(INPUTS)))
    before, after = examples(past), examples(changed)
    assert len(up_to(before, last))
    pd.testing.assert_frame_equal(up_to(before, last), up_to(after, last))
    shorter = features(hourly_grid(past[~later]))
    whole = features(hourly_grid(past)).head(len(shorter))
    pd.testing.assert_frame_equal(shorter, whole)
