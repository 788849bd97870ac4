import numpy as np
import pytest

from inmet_platform.model.neighbour_features import (
    CENTROID_KM,
    SECTORS,
    Neighbours,
    inflow,
    rain_centroid,
    weighted_mean,
)
from inmet_platform_tests.model.synthetic import listed, matrix

# Around the equator a degree is 111.19 km in either direction.
CROSS = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [-3.0, 0.0, 0.0]])
DEGREE_KM = 111.195


def cross(hidden: np.ndarray | None = None) -> Neighbours:
    return Neighbours(CROSS, hidden)


def test_distances_are_those_on_the_globe_and_endless_to_oneself() -> None:
    assert cross().distance_km[0].tolist() == pytest.approx(
        [np.inf, DEGREE_KM, 2 * DEGREE_KM, 3 * DEGREE_KM], rel=1e-4
    )
    # Brasilia to Sao Paulo, by the coordinates of A001 and A701.
    cities = np.array([[-15.789, -47.926, 0.0], [-23.496, -46.620, 0.0]])
    pair = Neighbours(cities).distance_km
    assert pair[0, 1] == pair[1, 0] == pytest.approx(868, abs=3)


def test_the_nearest_are_ranked_and_endless_where_there_are_not_so_many() -> None:
    assert cross().nearest_km(1)[0] == pytest.approx(DEGREE_KM, rel=1e-4)
    assert cross().nearest_km(3)[0] == pytest.approx(3 * DEGREE_KM, rel=1e-4)
    assert np.isinf(cross().nearest_km(4)).all()
    assert np.isinf(cross().nearest_km(20)).all()


def test_weights_are_a_bell_as_wide_as_the_distance_to_the_ranked_neighbour() -> None:
    width = 2.0  # of station 0, in degrees: its second nearest
    expected = [0.0, *(np.exp(-((distance / width) ** 2)) for distance in (1.0, 2.0, 3.0))]
    assert cross().weights(2)[0].tolist() == pytest.approx(expected, rel=1e-4)


def test_with_too_few_neighbours_the_bell_is_as_wide_as_the_farthest() -> None:
    few, farthest = cross().weights(20), cross().weights(3)
    assert few[0].tolist() == pytest.approx(farthest[0].tolist(), rel=1e-5)


def test_a_hidden_station_is_nobodys_neighbour_but_has_its_own() -> None:
    hidden = np.array([False, True, False, False])
    weights = cross(hidden).weights(2)
    assert (weights[:, 1] == 0).all()
    assert weights[1, 0] > 0
    rain = matrix([0.0], [50.0], [0.0], [0.0])
    assert listed(weighted_mean(weights, rain))[0] == [0.0]


def test_a_station_without_a_place_has_no_neighbour_and_is_none() -> None:
    places = CROSS.copy()
    places[3] = np.nan
    lost = Neighbours(places)
    weights = lost.weights(2)
    assert np.isfinite(weights).all()
    assert not weights[3].any()
    assert not weights[:, 3].any()
    assert listed(weighted_mean(weights, matrix([1.0], [1.0], [1.0], [9.0]))) == [
        *([[1.0]] * 3),
        [None],
    ]


def test_two_stations_at_one_place_and_one_alone_are_no_trouble() -> None:
    same = Neighbours(np.zeros((2, 3)))
    assert same.distance_km[0, 1] == 0
    assert same.weights(1)[0, 1] == 1
    alone = Neighbours(np.zeros((1, 3)))
    assert alone.weights(6).tolist() == [[0.0]]


def test_a_mean_is_of_those_that_measured() -> None:
    weights = np.array([[0.0, 0.75, 0.25]], np.float32)
    values = matrix([9.0, 9.0, 9.0], [4.0, None, None], [8.0, 8.0, None])
    assert listed(weighted_mean(weights, values)) == [[5.0, 8.0, None]]


def test_a_mean_of_those_far_away_alone_is_missing() -> None:
    weights = np.array([[0.0, 1.0, 1e-4]], np.float32)
    assert listed(weighted_mean(weights, matrix([1.0], [None], [8.0]))) == [[None]]


@pytest.mark.parametrize(("direction", "seen"), [("north", 1), ("east", 2), ("south", 3)])
def test_a_sector_weighs_those_right_in_its_direction(direction: str, seen: int) -> None:
    weights = np.ones((4, 4), np.float32)
    ahead = cross().sector(weights, SECTORS[direction])[0]
    assert ahead[seen] == pytest.approx(1.0)
    others = {1, 2, 3} - {seen}
    assert max(ahead[other] for other in others) < 1e-6


def test_wind_from_all_sides_towards_a_station_flows_in() -> None:
    weights = np.array([[0, 1, 1, 1]] * 4, np.float32)
    # North of it a north wind, east of it an east wind, south of it a south wind, all 3 m/s.
    u, v = matrix([0.0], [0.0], [-3.0], [0.0]), matrix([0.0], [-3.0], [0.0], [3.0])
    assert inflow(cross(), weights, u, v)[0, 0] == pytest.approx(3.0, abs=1e-3)
    assert inflow(cross(), weights, -u, -v)[0, 0] == pytest.approx(-3.0, abs=1e-3)
    gone = np.full_like(u, np.nan)
    assert np.isnan(inflow(cross(), weights, gone, gone)).all()


def test_the_highest_is_of_the_nearest_that_measured_and_may_be_looked_at() -> None:
    rain = matrix([90.0, 90.0], [1.0, None], [5.0, None], [7.0, None])
    assert listed(cross().highest(rain, 2)[:1]) == [[5.0, None]]
    assert listed(cross().highest(rain, 20)[:1]) == [[7.0, None]]
    hidden = cross(np.array([False, False, True, True]))
    assert listed(hidden.highest(rain, 2)[:1]) == [[1.0, None]]


def test_the_middle_of_the_rain_is_nearer_to_what_is_nearer() -> None:
    wet = matrix([1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, None])
    east, north = rain_centroid(cross(), wet)
    near, far = np.exp(-DEGREE_KM / CENTROID_KM), np.exp(-3 * DEGREE_KM / CENTROID_KM)
    middle = (near * DEGREE_KM - far * 3 * DEGREE_KM) / (near + far)
    assert listed(np.round(north[:1])) == [[round(middle), None, 0.0]]
    assert listed(np.round(east[:1])) == [[0.0, None, round(2 * DEGREE_KM)]]
