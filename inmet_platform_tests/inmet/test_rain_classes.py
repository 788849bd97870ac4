import numpy as np
import pytest

from inmet_platform.inmet.rain_classes import SCALES, class_names, class_numbers

NAN = float("nan")


@pytest.mark.parametrize(
    ("millimetres", "name"),
    [
        (NAN, "sem dado"),
        (0.0, "sem chuva"),
        (0.2, "fraca"),
        (5.0, "fraca"),
        (5.2, "moderada"),
        (25.0, "moderada"),
        (25.2, "forte"),
        (50.0, "forte"),
        (50.2, "muito forte"),
        (138.2, "muito forte"),
    ],
)
def test_boundaries_belong_to_the_lighter_class(millimetres: float, name: str) -> None:
    assert class_names(np.array([millimetres])).tolist() == [name]


@pytest.mark.parametrize(
    ("scale", "numbers"),
    [
        ("alerta_rio", [0, 1, 1, 2, 2, 2, 3, 4]),
        ("wmo", [0, 1, 2, 2, 2, 3, 3, 4]),
        ("ams", [0, 1, 2, 2, 3, 3, 3, 3]),
    ],
)
def test_each_scale_has_its_own_boundaries(scale: str, numbers: list[int]) -> None:
    rain = np.array([0.0, 2.5, 2.6, 7.6, 7.8, 10.2, 50.0, 50.2])
    assert class_numbers(rain, SCALES[scale].bounds_mm).tolist() == numbers


def test_every_scale_names_one_class_more_than_it_has_boundaries() -> None:
    for scale in SCALES.values():
        assert len(scale.classes) == len(scale.bounds_mm) + 1
        assert list(scale.bounds_mm) == sorted(scale.bounds_mm)


def test_missing_is_never_dry_and_nothing_gives_nothing() -> None:
    assert class_numbers(np.array([NAN])).tolist() == [-1]
    assert class_names(np.array([])).tolist() == []
