import numpy as np

from inmet_platform.model.grid import INPUTS, Place, grid_of
from inmet_platform_tests.model.synthetic import part_of, synthetic_grid, table_of


def test_a_grid_has_every_hour_and_station_whatever_the_order_of_the_rows() -> None:
    made = part_of(synthetic_grid(3, 5), hours=slice(0, 50))
    made.values["temperature_c"][1, 10:20] = np.nan
    for values in made.values.values():
        values[2, 30:40] = np.nan
    rows = table_of(made)
    mixed = rows.take(np.random.default_rng(1).permutation(len(rows)))
    places = [Place(*place) for place in made.places.tolist()]
    again = grid_of(mixed, dict(zip(made.station_ids.tolist(), places, strict=True)))
    assert again.shape == (3, 50)
    assert again.station_ids.tolist() == ["A001", "A002", "A003"]
    np.testing.assert_array_equal(again.hours, made.hours)
    np.testing.assert_array_equal(again.places, made.places)
    for name in INPUTS:
        np.testing.assert_array_equal(again.values[name], made.values[name])


def test_an_hour_without_a_row_is_a_gap_in_which_nothing_was_observed() -> None:
    made = synthetic_grid(2, 3)
    rows = table_of(made)
    at = rows["observed_at"].to_numpy()
    kept = (at < made.hours[10]) | (at > made.hours[12])
    grid = grid_of(rows.filter(kept), {})
    assert grid.shape == made.shape
    assert not grid.observed[:, 10:13].any()
    assert np.isnan(grid.values["precipitation_mm"][:, 10:13]).all()


def test_a_station_that_nobody_placed_has_no_place() -> None:
    grid = grid_of(table_of(synthetic_grid(2, 1)), {"A002": Place(-15.0, -47.0, 900.0)})
    assert np.isnan(grid.places[0]).all()
    assert grid.places[1].tolist() == [-15.0, -47.0, 900.0]
