from dataclasses import replace

import numpy as np
import pytest

from inmet_platform.inmet.quality.sun import SOLAR_CONSTANT_KJ_M2_H
from inmet_platform.model.derived_variables import clearness, day_of_year, solar_hour
from inmet_platform.model.grid import Grid
from inmet_platform_tests.model.synthetic import grid_with, hours_from

# The equinox at the equator: at noon the sun stands in the zenith.
EQUINOX = "2024-03-20T00"


def sunny(latitude_deg: float, longitude_deg: float, radiation_kj_m2: float) -> Grid:
    grid = grid_with(np.zeros((1, 24), np.float32), first=EQUINOX)
    values = {**grid.values, "radiation_kj_m2": np.full((1, 24), radiation_kj_m2, np.float32)}
    return replace(grid, places=np.array([[latitude_deg, longitude_deg, 0.0]]), values=values)


@pytest.mark.parametrize(
    ("longitude_deg", "label", "solar"),
    [(0.0, 12, 11.5), (-45.0, 15, 11.5), (-60.0, 16, 11.5), (-45.0, 2, 22.5)],
)
def test_the_solar_hour_is_of_the_middle_of_the_hour_that_ends_at_the_label(
    longitude_deg: float, label: int, solar: float
) -> None:
    assert solar_hour(sunny(0.0, longitude_deg, 0.0))[0, label] == pytest.approx(solar)


def test_without_a_longitude_the_sun_is_brasilias() -> None:
    nowhere, brasilia = sunny(np.nan, np.nan, 0.0), sunny(-15.0, -45.0, 0.0)
    np.testing.assert_array_equal(solar_hour(nowhere), solar_hour(brasilia))
    assert np.isnan(clearness(nowhere)).all()


def test_at_noon_clearness_is_the_part_of_the_radiation_that_came_through() -> None:
    half = clearness(sunny(0.0, 0.0, SOLAR_CONSTANT_KJ_M2_H / 2))
    assert half[0, 12] == pytest.approx(0.5, abs=0.01)


def test_by_night_and_at_a_low_sun_there_is_no_clearness() -> None:
    night = clearness(sunny(0.0, 0.0, 500.0))
    assert np.isnan(night[0, [0, 1, 5, 6, 19, 20, 23]]).all()
    assert np.isfinite(night[0, 8:18]).all()


def test_a_day_of_the_year_counts_from_its_beginning() -> None:
    grid = replace(grid_with(np.zeros((1, 30), np.float32)), hours=hours_from("2023-12-31T18", 30))
    days = day_of_year(grid)
    assert days[0] == pytest.approx(364.75)
    assert days[6] == 0
    assert days[-1] == pytest.approx(23 / 24)
