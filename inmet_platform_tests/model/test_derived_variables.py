from dataclasses import replace

import numpy as np
import pytest

from inmet_platform.model.derived_variables import (
    departure,
    equivalent_potential_temperature_k,
    single_tip,
    wet,
    wind,
)
from inmet_platform_tests.model.synthetic import grid_with, listed, matrix


def test_wet_and_single_tips_are_told_apart_and_missing_stays_missing() -> None:
    grid = grid_with(matrix([0.0, 0.2, 0.4, None]))
    assert listed(wet(grid)) == [[0.0, 1.0, 1.0, None]]
    assert listed(single_tip(grid)) == [[0.0, 1.0, 0.0, None]]


@pytest.mark.parametrize(
    ("pressure_hpa", "temperature_c", "dew_point_c", "kelvin"),
    # What MetPy's tests and manual give; its gas constants differ in the fourth digit.
    [(1000.0, 19.85, 6.85, 311.186), (850.0, 20.0, 18.0, 353.938)],
)
def test_equivalent_potential_temperature_is_that_of_metpy(
    pressure_hpa: float, temperature_c: float, dew_point_c: float, kelvin: float
) -> None:
    grid = grid_with(matrix([0.0]))
    air = {
        "pressure_hpa": pressure_hpa,
        "temperature_c": temperature_c,
        "dew_point_c": dew_point_c,
    }
    values = grid.values | {name: matrix([value]) for name, value in air.items()}
    made = equivalent_potential_temperature_k(replace(grid, values=values))
    assert made[0, 0] == pytest.approx(kelvin, abs=0.05)


def test_absurd_air_has_no_equivalent_potential_temperature() -> None:
    grid = grid_with(matrix([0.0]))
    values = grid.values | {"pressure_hpa": matrix([0.0]), "dew_point_c": matrix([-243.5])}
    assert np.isnan(equivalent_potential_temperature_k(replace(grid, values=values))).all()


def test_a_departure_is_free_of_the_daily_course() -> None:
    hour = np.arange(24 * 9)
    course = np.sin(2 * np.pi * hour / 24).astype(np.float32)[None, :]
    course[0, -1] += 3
    assert departure(course)[0, 24 * 7 :].round(4).tolist() == [*[0.0] * 47, 3.0]


def test_a_calm_hour_without_direction_has_no_wind_components() -> None:
    grid = grid_with(matrix([0.0]))
    values = grid.values | {"wind_direction_deg": matrix([None]), "wind_speed_ms": matrix([0.0])}
    u, v = wind(replace(grid, values=values))
    assert listed(u) == listed(v) == [[None]]
