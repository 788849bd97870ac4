"""The rules of quality control. A rule is a condition on one row, in Snowflake's SQL.

`published` rules look at an hour as INMET published it; a value that fails there becomes null.
`series` rules look at the values that passed, together with the hours before and after:
`<variable>_1` is the value one hour before (null when that hour is missing),
`unchanged_<variable>` says whether the value ends a run of `PERSISTENCE_H` equal values in
consecutive hours; `rain_before`, `rain_now` and `rain_after` are 0 when missing.

Sources: limits of the WMO (Zahumenský 2004 for automatic stations; WMO 1993 for changes within
one hour), INMET's sensors, and counts over the network's year 2024.
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

# Quantity -> its variables: value, highest and lowest of the hour.
TRIPLES = {
    "temperature": ("temperature_c", "temperature_max_c", "temperature_min_c"),
    "dew_point": ("dew_point_c", "dew_point_max_c", "dew_point_min_c"),
    "humidity": ("humidity_pct", "humidity_max_pct", "humidity_min_pct"),
    "pressure": ("pressure_hpa", "pressure_max_hpa", "pressure_min_hpa"),
}
# Quantity -> its variables, of all quantities.
QUANTITIES = {flag.removesuffix("_flag"): (name,) for name, flag in FLAG_NAMES.items()} | TRIPLES

# From how many equal values in consecutive hours on the value is suspect.
PERSISTENCE_H = {
    "temperature_c": 8,
    "dew_point_c": 8,
    "pressure_hpa": 8,
    "humidity_pct": 14,
    "wind_speed_ms": 6,
    "precipitation_mm": 3,
}

# Hours without any wind: a calm night is weather; a calm day and night is a stuck anemometer.
CALM_H = 24

# By how much a variable may differ from its value one hour before.
STEPS = {"temperature_c": 7, "dew_point_c": 4, "pressure_hpa": 3, "humidity_pct": 30}


@dataclass(frozen=True)
class Rule:
    """One test: each variable that it can flag, with the SQL condition under which it does.

    `name` names the rule's bit in the mask `qc_tests`; the bit is the rule's place in `RULES`.
    """

    name: str
    conditions: dict[str, str]
    meaning: str
    source: str = LOGIC
    verdict: Verdict = "suspect"
    stage: Stage = "series"


def _fail(name: str, conditions: dict[str, str], meaning: str, source: str = LOGIC) -> Rule:
    return Rule(name, conditions, meaning, source, "fail", "published")


def _each(quantity: str, condition: str) -> dict[str, str]:
    """One condition for a quantity's value and extremes; `{0}` stands for the variable."""
    return {name: condition.format(name) for name in QUANTITIES[quantity]}


def _range(quantity: str, low: str, high: str, meaning: str, source: str) -> Rule:
    conditions = _each(quantity, f"{{0}} < {low} OR {{0}} > {high}")
    return _fail(f"{quantity}_range", conditions, meaning, source)


def _min_above_max(quantity: str) -> Rule:
    _, high, low = TRIPLES[quantity]
    meaning = f"the hour's lowest {quantity.replace('_', ' ')} above its highest"
    return _fail(
        f"{quantity}_min_above_max", dict.fromkeys((high, low), f"{low} > {high}"), meaning
    )


def _step(name: str) -> Rule:
    dry = "GREATEST(rain_before, rain_now, rain_after) = 0"
    return Rule(
        FLAG_NAMES[name].replace("_flag", "_step"),
        {name: f"ABS({name} - {name}_1) > {STEPS[name]} AND {dry}"},
        f"a step of more than {STEPS[name]} {_UNITS[name]} in one hour, no rain within an hour "
        "of it",
        _STEP_SOURCES.get(name, WMO_1993),
    )


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
    name_of_rule = FLAG_NAMES[name].replace("_flag", "_persistent")
    return Rule(name_of_rule, {name: condition}, meaning, source)


def _beyond_extremes(quantity: str) -> Rule:
    value, high, low = TRIPLES[quantity]
    return Rule(
        f"{quantity}_beyond_extremes",
        # The sensor's last digit is 0.1; the rest absorbs the rounding of binary fractions.
        {value: f"{value} > {high} + 0.1001 OR {value} < {low} - 0.1001"},
        f"{quantity.replace('_', ' ')} above its highest or below its lowest of the hour "
        "by more than 0.1",
    )


_UNITS = {variable.name: variable.unit for variable in VARIABLES}
_STEP_SOURCES = {
    "temperature_c": f"ours ({WMO_1993}, has 4): of the 48,220 dry steps over 4 in 2024 (1.2 % of "
    "the hours) 87 % stand at 10-14 and 20-23 UTC, where mornings warm and evenings cool; 2,457 "
    "are over 7. 42 % of all steps over 4 °C stand beside rain: fronts, no errors",
    "humidity_pct": "ours",
}
_COLDEST = "IFF(station_id = 'C891', -90, -50)"

RULES = (
    _range("precipitation", "0", "401", "rain below 0 or above 401 mm", RECORD),
    _range(
        *("temperature", _COLDEST, "60"),
        "temperature below -50 (C891, in Antarctica: -90) or above 60 °C",
        f"{SENSORS}; {ZAHUMENSKY}",
    ),
    _range("dew_point", "-80", "40", "dew point below -80 or above 40 °C", ZAHUMENSKY),
    _range("humidity", "0", "100", "relative humidity outside 0 to 100 %", ZAHUMENSKY),
    _range("pressure", "500", "1100", "pressure outside 500 to 1100 hPa", ZAHUMENSKY),
    _range("wind_speed", "0", "75", "wind speed below 0 or above 75 m/s", ZAHUMENSKY),
    _fail("wind_gust_range", {"wind_gust_ms": "wind_gust_ms < 0"}, "gust below 0 m/s"),
    _range("wind_direction", "0", "360", "direction outside 0 to 360°", LOGIC),
    _fail(
        "radiation_range",
        {
            "radiation_kj_m2": "radiation_kj_m2 < -100 OR radiation_kj_m2 > 5760"
            " OR (extraterrestrial_kj_m2 > 0"
            " AND radiation_kj_m2 > 1.2 * extraterrestrial_kj_m2)"
        },
        "radiation below -100 or above 5,760 kJ/m², or above 1.2 times what the sun at its highest "
        "of the hour gives outside the atmosphere, while it is up",
        f"{ZAHUMENSKY} (1600 W/m²); below -100 is ours: a sensor's night is a few kJ/m² below 0, a "
        "missing value that nobody took out is far below; the highest of the hour, and not its "
        "integral, is ours: with the integral the hour of sunrise or sunset fails at 298 more "
        "stations of 2024",
    ),
    _fail(
        "dew_point_above_temperature",
        {"dew_point_c": "dew_point_c > temperature_c + 1"},
        "dew point above temperature by more than 1 °C (by up to 0.7 it is rounding)",
    ),
    *(_min_above_max(quantity) for quantity in TRIPLES),
    Rule(
        "radiation_at_night",
        {
            "radiation_kj_m2": "extraterrestrial_kj_m2 = 0"
            " AND (radiation_kj_m2 < -14.4 OR radiation_kj_m2 > 15)"
        },
        "radiation below -14.4 or above 15 kJ/m² while the sun is down the whole hour",
        "by the sun's position at the station, not by the clock",
        stage="published",
    ),
    Rule("precipitation_high", _each("precipitation", "{0} > 120"), "rain above 120 mm", SENSORS),
    Rule(
        "precipitation_no_tip",
        _each("precipitation", "ABS({0} * 5 - ROUND({0} * 5)) > 0.01"),
        "rain that is no multiple of 0.2 mm: typed by a hand",
        SENSORS,
    ),
    Rule(
        "precipitation_repeated",
        _each("precipitation", "{0} > 1 AND unchanged_{0}"),
        "the third or later of equal amounts of more than 1 mm in consecutive hours",
        "ours; 3,567 of the 3,759 third hours of 2024 hold 1 mm or less: drizzle in tips of 0.2 mm "
        "(of 0.2 mm there are 2,523, fewer than the 3,493 that chance gives)",
    ),
    Rule(
        "temperature_unusual",
        _each("temperature", "({0} < -20 AND station_id <> 'C891') OR {0} > 50"),
        "temperature below -20 (but at C891) or above 50 °C",
        "beyond Brazil's records",
    ),
    Rule(
        "temperature_ceiling",
        {name: f"{name} = 45" for name in TRIPLES["temperature"][:2]},
        "temperature of exactly 45.0 °C, where some sensors end (A053)",
        "counted",
    ),
    Rule("dew_point_unusual", _each("dew_point", "{0} > 35"), "dew point above 35 °C", ZAHUMENSKY),
    Rule(
        *("humidity_unusual", _each("humidity", "{0} < 0.8")),
        *("relative humidity below 0.8 %", SENSORS),
    ),
    Rule(
        "pressure_unusual",
        _each("pressure", "ABS({0} - usual_pressure_hpa) > 40"),
        "pressure more than 40 hPa off the median of the station's year",
        "ours",
    ),
    *(_step(name) for name in STEPS),
    *(_persistent(name) for name in PERSISTENCE_H if name != "precipitation_mm"),
    *(_beyond_extremes(quantity) for quantity in TRIPLES),
    Rule(
        "wind_gust_below_speed",
        {"wind_gust_ms": "wind_gust_ms < wind_speed_ms"},
        "gust below the hour's mean speed",
    ),
    Rule("wind_gust_high", _each("wind_gust", "{0} > 60"), "gust above 60 m/s", "ours"),
    Rule(
        "clock",
        {"radiation_kj_m2": "radiation_kj_m2 IS NOT NULL AND night_radiation_kj_m2 > 180"},
        "a UTC day with more than 180 kJ/m² at night: the station's clock or its sensor is wrong",
        "ours",
    ),
)
