"""Errors that are planted in a plausible station, one a day."""

from __future__ import annotations

from dataclasses import dataclass, field

from inmet_platform.inmet.quality.rules import TRIPLES

NOON_H = 15  # of the sun, at 45 W


@dataclass(frozen=True)
class Error:
    """Values of an hour, or of the same hours one after the other, and what must become of them.

    Attributes:
        title: what is planted.
        values: the variables set; a callable is given the plausible value.
        rules: whose bits the hour (of many, the last) must have.
        flags: the flags other than 1; null must be what is flagged 4 or 9.
        hour: label of the day, UTC.
        hours: how many hours before and with it hold the same.
        wet: 0.2 mm in the hour, which silences the rules on steps.
        steps: the hour after must have the same bits and flags.
    """

    title: str
    values: dict[str, float]
    rules: tuple[str, ...]
    flags: dict[str, int] = field(default_factory=dict)
    hour: int = NOON_H
    hours: int = 1
    wet: bool = False
    steps: bool = False


def triple(quantity: str, value: float, high: float, low: float) -> dict[str, float]:
    """The value of a quantity, its highest and its lowest of the hour."""
    return dict(zip(TRIPLES[quantity], (value, high, low), strict=True))


def _failing(rule: str, name: str, *values: float) -> list[Error]:
    return [Error(f"{name} {value:g}", {name: value}, (rule,), {name: 4}) for value in values]


NAN = float("nan")
_WARM = triple("temperature", 42, 42, 41.8)


def _ranges() -> list[Error]:
    errors = [
        *_failing("precipitation_range", "precipitation_mm", -0.2, 401.2),
        *_failing("temperature_range", "temperature_c", 60.1),
        *_failing("temperature_range", "temperature_max_c", 60.1),
        *_failing("temperature_range", "temperature_min_c", -50.1),
        *_failing("dew_point_range", "dew_point_c", -80.1),
        *_failing("dew_point_range", "dew_point_max_c", 40.1),
        *_failing("dew_point_range", "dew_point_min_c", -80.1),
        *_failing("humidity_range", "humidity_pct", -1, 101),
        *_failing("humidity_range", "humidity_max_pct", 101),
        *_failing("humidity_range", "humidity_min_pct", -1),
        *_failing("pressure_range", "pressure_hpa", 499.9, 1100.1),
        *_failing("pressure_range", "pressure_max_hpa", 1100.1),
        *_failing("pressure_range", "pressure_min_hpa", 499.9),
        *_failing("wind_speed_range", "wind_speed_ms", -0.1, 75.1),
        *_failing("wind_gust_range", "wind_gust_ms", -0.1),
        *_failing("wind_direction_range", "wind_direction_deg", -1, 361),
        *_failing("radiation_range", "radiation_kj_m2", 5760.1, -9998),
    ]
    cold = {"temperature_c": -50.1, "dew_point_c": NAN}
    flags = {"temperature_c": 4, "dew_point_c": 9}
    low_sun = {"radiation_kj_m2": 2000.0}
    return [
        *errors,
        Error("temperature -50.1", cold, ("temperature_range",), flags),
        Error(
            "dew point 40.1 in the heat",
            {**_WARM, "dew_point_c": 40.1},
            ("dew_point_range",),
            {"dew_point_c": 4},
            wet=True,
        ),
        Error("2,000 kJ/m² at sunrise", low_sun, ("radiation_range",), {"radiation_kj_m2": 4}, 10),
        Error("360 degrees", {"wind_direction_deg": 360}, ()),
    ]


def _logic() -> list[Error]:
    errors = []
    for quantity, middle in {
        "temperature": 23.0,
        "dew_point": 12.0,
        "humidity": 60.0,
        "pressure": 890.0,
    }.items():
        name, high, low = TRIPLES[quantity]
        crossed = triple(quantity, middle, middle, middle + 0.1)
        rule = f"{quantity}_min_above_max"
        errors.append(Error(f"{quantity} crossed", crossed, (rule,), {high: 4, low: 4}))
        above = triple(quantity, middle, middle - 0.2, middle - 0.6)
        below = triple(quantity, middle, middle + 0.6, middle + 0.2)
        rule = f"{quantity}_beyond_extremes"
        errors.append(Error(f"{quantity} above its highest", above, (rule,), {name: 3}))
        errors.append(Error(f"{quantity} below its lowest", below, (rule,), {name: 3}))
        rounded = triple(quantity, middle, middle - 0.1, middle - 0.5)
        errors.append(Error(f"{quantity} above its highest by rounding", rounded, ()))
    same = triple("temperature", 12.0, 12.3, 11.7)
    above, rounded = (triple("dew_point", 12.0 + by, 15.0, 11.0) for by in (1.1, 0.7))
    rule = "dew_point_above_temperature"
    return [
        *errors,
        Error("dew point 1.1 above", {**same, **above}, (rule,), {"dew_point_c": 4}, wet=True),
        Error("dew point 0.7 above", {**same, **rounded}, (), wet=True),
        Error(
            "gust below speed", {"wind_gust_ms": 1}, ("wind_gust_below_speed",), {"wind_gust_ms": 3}
        ),
    ]


def _unusual() -> list[Error]:
    def unusual(
        title: str, rule: str, names: str, values: dict[str, float], **others: int
    ) -> Error:
        return Error(title, values, (rule,), dict.fromkeys(names.split(), 3) | others, wet=True)

    return [
        Error("120.2 mm", {"precipitation_mm": 120.2}, ("precipitation_high",), RAIN),
        Error("138.2 mm (A348)", {"precipitation_mm": 138.2}, ("precipitation_high",), RAIN),
        Error("0.3 mm", {"precipitation_mm": 0.3}, ("precipitation_no_tip",), RAIN),
        unusual(
            "temperature -20.1",
            "temperature_unusual",
            "temperature_c temperature_min_c",
            triple("temperature", -20.1, -19.9, -20.2) | {"dew_point_c": NAN},
            dew_point_c=9,
        ),
        unusual(
            "temperature 50.1",
            "temperature_unusual",
            "temperature_c temperature_max_c",
            triple("temperature", 50.1, 50.2, 49.9),
        ),
        unusual(
            "temperature 45.0 (A053)",
            "temperature_ceiling",
            "temperature_c temperature_max_c",
            triple("temperature", 45, 45, 44.8),
        ),
        unusual(
            "dew point 35.1",
            "dew_point_unusual",
            "dew_point_c dew_point_max_c",
            _WARM | triple("dew_point", 35.1, 35.2, 34.9),
        ),
        unusual(
            "humidity 0.5",
            "humidity_unusual",
            "humidity_pct humidity_min_pct",
            triple("humidity", 0.5, 1, 0.5),
        ),
        *(
            unusual(
                f"pressure {middle:g}",
                "pressure_unusual",
                " ".join(TRIPLES["pressure"]),
                triple("pressure", middle, middle + 0.2, middle - 0.2),
            )
            for middle in (848.0, 933.0)
        ),
        Error("gust 60.1", {"wind_gust_ms": 60.1}, ("wind_gust_high",), {"wind_gust_ms": 3}),
    ]


RAIN = {"precipitation_mm": 3}
SUN = {"radiation_kj_m2": 3}


def _series() -> list[Error]:
    errors = [
        Error(
            f"{quantity} steps to {value:g}",
            triple(quantity, value, value + 0.2, value - 0.2),
            (f"{quantity}_step",),
            {TRIPLES[quantity][0]: 3},
            steps=True,
        )
        for quantity, values in {
            "temperature": (15.0, 34.0),
            "dew_point": (5.0, 19.0),
            "humidity": (10.0, 95.0),
            "pressure": (883.0, 899.0),
        }.items()
        for value in values
    ]
    for quantity, (value, hours) in {
        "temperature": (22.0, 8),
        "dew_point": (12.0, 8),
        "pressure": (890.0, 8),
        "humidity": (60.0, 14),
    }.items():
        held = triple(quantity, value, value + 0.3, value - 0.3)
        flags = {TRIPLES[quantity][0]: 3}
        rule = f"{quantity}_persistent"
        errors.append(Error(f"{quantity} {hours} h", held, (rule,), flags, hours=hours))
        errors.append(Error(f"{quantity} {hours - 1} h", held, (), hours=hours - 1))
    calm, speed = {"wind_speed_ms": 2.5}, {"wind_speed_ms": 3}
    return [
        *errors,
        Error("speed 6 h", calm, ("wind_speed_persistent",), speed, hours=6),
        Error("speed 5 h", calm, (), hours=5),
        Error("calm 24 h", {"wind_speed_ms": 0}, ("wind_speed_persistent",), speed, hours=24),
        Error("calm 23 h", {"wind_speed_ms": 0}, (), hours=23),
        Error("1.4 mm 3 h", {"precipitation_mm": 1.4}, ("precipitation_repeated",), RAIN, hours=3),
        Error("1.4 mm 2 h", {"precipitation_mm": 1.4}, (), hours=2),
        Error("drizzle 3 h", {"precipitation_mm": 0.4}, (), hours=3),
        Error("a front", triple("temperature", 15, 15.2, 14.8), (), wet=True),
        Error("15.1 at night", {"radiation_kj_m2": 15.1}, ("radiation_at_night",), SUN, 6),
        Error("-14.5 at night", {"radiation_kj_m2": -14.5}, ("radiation_at_night",), SUN, 6),
        Error("15.0 at night", {"radiation_kj_m2": 15.0}, (), {}, 6),
    ]


ERRORS = [*_ranges(), *_logic(), *_unusual(), *_series()]
