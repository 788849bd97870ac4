from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inmet_platform.model.blocks import PURGE_H, Blocks, held_out_stations, period, split
from inmet_platform.model.grid import Grid
from inmet_platform_tests.model.synthetic import grid_with, hours_from, synthetic_grid

CODES = np.array([f"A{number:03}" for number in range(1, 601)])


def dry(hours: int, stations: int = 1, first: str = "2024-01-01T00") -> Grid:
    return grid_with(np.zeros((stations, hours), np.float32), first=first)


def in_order(blocks: Blocks) -> list[np.ndarray]:
    return [it.hour for it in (blocks.train, blocks.calibration, blocks.test) if len(it)]


def test_a_leap_year_is_cut_on_the_first_of_september_and_of_november() -> None:
    grid = dry(366 * 24)
    blocks = split(grid)
    begins = np.datetime64("2024-09-01T00"), np.datetime64("2024-11-01T00")
    assert grid.hours[blocks.train.hour.max()] == begins[0] - 1
    assert grid.hours[blocks.calibration.hour.min()] == begins[0] + PURGE_H
    assert grid.hours[blocks.calibration.hour.max()] == begins[1] - 1
    assert grid.hours[blocks.test.hour.min()] == begins[1] + PURGE_H
    assert grid.hours[blocks.test.hour.max()] == np.datetime64("2024-12-31T22")
    assert period(grid, blocks.train) == "2024-01-01T00 to 2024-08-31T23"


def test_no_hour_and_no_next_hour_of_a_block_is_in_another() -> None:
    blocks = split(synthetic_grid(12, 60))
    for earlier, later in pairwise(in_order(blocks)):
        assert later.min() - earlier.max() > PURGE_H > 1


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), hours=st.integers(1, 900), kept=st.floats(0.0, 1.0))
def test_blocks_are_apart_whatever_the_gaps(seed: int, hours: int, kept: float) -> None:
    rng = np.random.default_rng(seed)
    rain = np.where(rng.random((2, hours)) < kept, 0.0, np.nan).astype(np.float32)
    for earlier, later in pairwise(in_order(split(grid_with(rain)))):
        assert later.min() - earlier.max() > PURGE_H


def test_a_pause_of_years_leaves_no_block_empty() -> None:
    rain = np.full((1, 4 * 8766), np.nan, np.float32)
    rain[0, :3000] = rain[0, -600:] = 0.0
    grid = grid_with(rain)
    for name, values in grid.values.items():
        if name != "precipitation_mm":
            values[np.isnan(rain)] = np.nan
    assert len(in_order(split(grid))) == 3


def test_nothing_to_learn_from_gives_empty_blocks_of_no_period() -> None:
    grid = grid_with(np.full((3, 50), np.nan, np.float32))
    blocks = split(grid)
    assert len(blocks.train) == len(blocks.calibration) == len(blocks.test) == 0
    assert period(grid, blocks.test) == "none"


def test_a_tenth_of_the_stations_is_held_out_and_always_the_same() -> None:
    held_out = held_out_stations(CODES)
    assert 0.07 < held_out.mean() < 0.13
    backwards = held_out_stations(CODES[::-1])
    np.testing.assert_array_equal(backwards[::-1], held_out)
    np.testing.assert_array_equal(held_out_stations(CODES[:50]), held_out[:50])
    assert not held_out_stations(CODES[:9]).any(), "nine stations cannot spare one"


def test_held_out_stations_are_in_the_test_block_alone() -> None:
    grid = synthetic_grid(14, 60)
    blocks = split(grid)
    assert blocks.held_out.any()
    assert not blocks.held_out[blocks.train.station].any()
    assert not blocks.held_out[blocks.calibration.station].any()
    assert set(blocks.test.station) == set(range(14))
    assert blocks.held_out[blocks.test.station].any()


def test_a_year_that_begins_anywhere_is_cut_by_its_own_hours() -> None:
    grid = dry(1201, first="2023-05-17T09")
    blocks = split(grid)
    assert (blocks.train.hour.max() + 1, blocks.calibration.hour.max() + 1) == (800, 1000)
    np.testing.assert_array_equal(grid.hours, hours_from("2023-05-17T09", 1201))
