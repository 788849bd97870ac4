"""The rules of quality control. A rule is a condition on one row, in Snowflake's SQL.

`published` rules look at an hour as INMET published it; what fails there becomes null. `series`
rules look at what is left, with the hours before and after: `<variable>_1` is the value one hour
before (null when that hour is missing), `unchanged_<variable>` whether it is the last of so many
equal values in consecutive hours, `rain_before`, `rain_now` and `rain_after` 0 when missing.

Sources: facts and limits as carried by WMO (Zahumenský 2004, automatic stations; WMO 1993,
tolerances in one hour), INMET's sensors, and counts on the network's year 2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLES

Verdict = Literal["fail", "suspect"]
Stage = Literal["published", "series"]

ZAHUMENSKY = "Zahumenský 2004 (WMO, automatic stations)"
WMO_1993 = "WMO 1993, tolerance in one hour"
SENSORS = "INMET's sensors"
RECORD = "world record of one hour"
LOGIC = "the quantities' definition"

# Kind of quantity -> its value, highest and lowest of the hour.
TRIPLES = {
    "temperature": ("temperature_c", "temperature_max_c", "temperature_min_c"),
    "dew_point": ("dew_point_c", "dew_point_max_c", "dew_point_min_c"),
    "humidity": ("humidity_pct", "humidity_max_pct", "humidity_min_pct"),
    "pressure": ("pressure_hpa", "pressure_max_hpa", "pressure_min_hpa"),
}

# How many equal values in consecutive hours are too many.
PERSISTENCE_H = {
    "temperature_c": 8,
    "dew_point_c": 8,
    "pressure_hpa": 8,
    "humidity_pct": 14,
    "wind_speed_ms": 6,
    "precipitation_mm": 3,
}

# Hours without any wind: a calm of one night is weather, of a day and a night a stuck anemometer.
CALM_H = 24

# Variables whose hour before is looked at, and by how much one hour may differ from it.
STEPS = {"temperature_c": 7, "dew_point_c": 4, "pressure_hpa": 3, "humidity_pct": 30}


@dataclass(frozen=True)
class Rule:
    """One test: for each variable it can flag, the condition under which it does.

    `name` is the flag's meaning in the bit mask; a rule's bit is its place in `RULES`.
    """

    name: str
    verdict: Verdict
    stage: Stage
    conditions: dict[str, str]
    meaning: str
    source: str


def _fail(name: str, conditions: dict[str, str], meaning: str, source: str) -> Rule:
    return Rule(name, "fail", "published", conditions, meaning, source)


def _suspect(name: str, conditions: dict[str, str], meaning: str, source: str) -> Rule:
    return Rule(name, "suspect", "series", conditions, meaning, source)


def _outside(names: tuple[str, ...], low: str, high: str) -> dict[str, str]:
    return {name: f"{name} < {low} OR {name} > {high}" for name in names}


def _crossed(quantity: str) -> dict[str, str]:
    _, high, low = TRIPLES[quantity]
    return dict.fromkeys((high, low), f"{low} > {high}")


def _beyond_extremes(quantity: str) -> dict[str, str]:
    value, high, low = TRIPLES[quantity]
    # The sensor's last digit is 0.1; the small rest is that of binary fractions.
    return {value: f"{value} > {high} + 0.1001 OR {value} < {low} - 0.1001"}


def _persistent(name: str) -> Rule:
    hours = PERSISTENCE_H[name]
    condition = f"unchanged_{name}"
    meaning = f"the {hours}th or later of equal values in consecutive hours"
    source = ZAHUMENSKY
    if name == "humidity_pct":
        condition += " AND humidity_pct < 95"
        meaning += ", below 95 %"
    if name == "wind_speed_ms":
        condition = f"({condition} AND wind_speed_ms > 0) OR calm_wind_speed_ms"
        meaning += f" above 0, or the {CALM_H}th or later of 0"
        source += (
            "; calm is ours: 134,246 of the 134,374 sixth hours of 2024 are calm, most at night"
        )
    return _suspect(
        FLAG_NAMES[name].replace("_flag", "_persistent"), {name: condition}, meaning, source
    )


def _step(name: str) -> dict[str, str]:
    dry = "GREATEST(rain_before, rain_now, rain_after) = 0"
    return {name: f"ABS({name} - {name}_1) > {STEPS[name]} AND {dry}"}


_UNITS = {variable.name: variable.unit for variable in VARIABLES}
_STEP_SOURCES = {
    "temperature_c": f"ours ({WMO_1993}, has 4): of the 48,220 dry steps over 4 in 2024 (1.2 % of "
    "the hours) 87 % stand at 10-14 and 20-23 UTC, where mornings warm and evenings cool; 2,457 "
    "are over 7. 42 % of all steps over 4 °C stand beside rain: fronts, no errors",
    "humidity_pct": "ours",
}
_COLDEST = "IFF(station_id = 'C891', -90, -50)"

RULES = (
    _fail(
        "precipitation_range",
        _outside(("precipitation_mm",), "0", "401"),
        "rain below 0 or above 401 mm",
        RECORD,
    ),
    _fail(
        "temperature_range",
        _outside(TRIPLES["temperature"], _COLDEST, "60"),
        "temperature below -50 (C891, in Antarctica: -90) or above 60 °C",
        f"{SENSORS}; {ZAHUMENSKY}",
    ),
    _fail(
        "dew_point_range",
        _outside(TRIPLES["dew_point"], "-80", "40"),
        "dew point below -80 or above 40 °C",
        ZAHUMENSKY,
    ),
    _fail(
        "humidity_range",
        _outside(TRIPLES["humidity"], "0", "100"),
        "relative humidity outside 0 to 100 %",
        ZAHUMENSKY,
    ),
    _fail(
        "pressure_range",
        _outside(TRIPLES["pressure"], "500", "1100"),
        "pressure outside 500 to 1100 hPa",
        ZAHUMENSKY,
    ),
    _fail(
        "wind_speed_range",
        _outside(("wind_speed_ms",), "0", "75"),
        "wind speed below 0 or above 75 m/s",
        ZAHUMENSKY,
    ),
    _fail("wind_gust_range", {"wind_gust_ms": "wind_gust_ms < 0"}, "gust below 0 m/s", LOGIC),
    _fail(
        "wind_direction_range",
        _outside(("wind_direction_deg",), "0", "360"),
        "direction outside 0 to 360°",
        LOGIC,
    ),
    _fail(
        "radiation_range",
        {
            "radiation_kj_m2": "radiation_kj_m2 > 5760"
            " OR (extraterrestrial_kj_m2 > 0"
            " AND radiation_kj_m2 > 1.2 * extraterrestrial_kj_m2)"
        },
        "radiation above 5,760 kJ/m², or above 1.2 times what the sun at its highest of the hour "
        "gives outside the atmosphere, while it is up",
        f"{ZAHUMENSKY} (1600 W/m²); the highest of the hour, and not its integral, is ours: with "
        "the integral the hour of sunrise or sunset fails at 298 more stations of 2024",
    ),
    _fail(
        "dew_point_above_temperature",
        {"dew_point_c": "dew_point_c > temperature_c + 1"},
        "dew point above temperature by more than 1 °C (by up to 0.7 it is rounding)",
        LOGIC,
    ),
    *(
        _fail(
            f"{quantity}_min_above_max",
            _crossed(quantity),
            f"the hour's lowest {quantity.replace('_', ' ')} above its highest",
            LOGIC,
        )
        for quantity in TRIPLES
    ),
    Rule(
        "radiation_at_night",
        "suspect",
        "published",
        {
            "radiation_kj_m2": "extraterrestrial_kj_m2 = 0"
            " AND (radiation_kj_m2 < -14.4 OR radiation_kj_m2 > 15)"
        },
        "radiation below -14.4 or above 15 kJ/m² while the sun is down the whole hour",
        "by the sun's position at the station, not by the clock",
    ),
    _suspect(
        "precipitation_high",
        {"precipitation_mm": "precipitation_mm > 120"},
        "rain above 120 mm",
        SENSORS,
    ),
    _suspect(
        "precipitation_no_tip",
        {"precipitation_mm": "ABS(precipitation_mm * 5 - ROUND(precipitation_mm * 5)) > 0.01"},
        "rain that is no multiple of 0.2 mm: typed by a hand",
        SENSORS,
    ),
    _suspect(
        "precipitation_repeated",
        {"precipitation_mm": "precipitation_mm > 1 AND unchanged_precipitation_mm"},
        "the third or later of equal amounts of more than 1 mm in consecutive hours",
        "ours; 3,567 of the 3,759 third hours of 2024 hold 1 mm or less: drizzle in tips of 0.2 mm "
        "(of 0.2 mm there are 2,523, fewer than the 3,493 that chance gives)",
    ),
    _suspect(
        "temperature_unusual",
        {
            name: f"({name} < -20 AND station_id <> 'C891') OR {name} > 50"
            for name in TRIPLES["temperature"]
        },
        "temperature below -20 (but at C891) or above 50 °C",
        "beyond Brazil's records",
    ),
    _suspect(
        "temperature_ceiling",
        {name: f"{name} = 45" for name in TRIPLES["temperature"][:2]},
        "temperature of exactly 45.0 °C, where some sensors end (A053)",
        "counted",
    ),
    _suspect(
        "dew_point_unusual",
        {name: f"{name} > 35" for name in TRIPLES["dew_point"]},
        "dew point above 35 °C",
        ZAHUMENSKY,
    ),
    _suspect(
        "humidity_unusual",
        {name: f"{name} < 0.8" for name in TRIPLES["humidity"]},
        "relative humidity below 0.8 %",
        SENSORS,
    ),
    _suspect(
        "pressure_unusual",
        {name: f"ABS({name} - usual_pressure_hpa) > 40" for name in TRIPLES["pressure"]},
        "pressure more than 40 hPa off the median of the station's year",
        "ours",
    ),
    *(
        _suspect(
            FLAG_NAMES[name].replace("_flag", "_step"),
            _step(name),
            f"a step of more than {limit} {_UNITS[name]} in one hour, no rain within an hour of it",
            _STEP_SOURCES.get(name, WMO_1993),
        )
        for name, limit in STEPS.items()
    ),
    *(_persistent(name) for name in PERSISTENCE_H if name != "precipitation_mm"),
    *(
        _suspect(
            f"{quantity}_beyond_extremes",
            _beyond_extremes(quantity),
            f"{quantity.replace('_', ' ')} above its highest or below its lowest of the hour "
            "by more than 0.1",
            LOGIC,
        )
        for quantity in TRIPLES
    ),
    _suspect(
        "wind_gust_below_speed",
        {"wind_gust_ms": "wind_gust_ms < wind_speed_ms"},
        "gust below the hour's mean speed",
        LOGIC,
    ),
    _suspect("wind_gust_high", {"wind_gust_ms": "wind_gust_ms > 60"}, "gust above 60 m/s", "ours"),
    _suspect(
        "clock",
        {"radiation_kj_m2": "radiation_kj_m2 IS NOT NULL AND night_radiation_kj_m2 > 180"},
        "a UTC day with more than 180 kJ/m² at night: the station's clock or its sensor is wrong",
        "ours",
    ),
)
