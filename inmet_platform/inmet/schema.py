"""The canonical schema of an hourly observation, declared once.

The readers produce it; the DDL, the Parquet files, the CSV header and the services follow it.
Times are UTC and mark the end of the hour, as INMET publishes them. Values are float64.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Variable:
    """One of the 17 measured variables: column name, unit, description."""

    name: str
    unit: str
    description: str


# In the order of the portal's columns.
VARIABLES = (
    Variable("precipitation_mm", "mm", "Precipitation of the hour"),
    Variable("pressure_hpa", "hPa", "Atmospheric pressure at station level"),
    Variable("pressure_max_hpa", "hPa", "Highest pressure of the hour"),
    Variable("pressure_min_hpa", "hPa", "Lowest pressure of the hour"),
    Variable("radiation_kj_m2", "kJ/m²", "Global radiation over the hour; null at night"),
    Variable("temperature_c", "°C", "Air temperature (dry bulb)"),
    Variable("dew_point_c", "°C", "Dew point, computed by INMET"),
    Variable("temperature_max_c", "°C", "Highest temperature of the hour"),
    Variable("temperature_min_c", "°C", "Lowest temperature of the hour"),
    Variable("dew_point_max_c", "°C", "Highest dew point of the hour"),
    Variable("dew_point_min_c", "°C", "Lowest dew point of the hour"),
    Variable("humidity_max_pct", "%", "Highest relative humidity of the hour"),
    Variable("humidity_min_pct", "%", "Lowest relative humidity of the hour"),
    Variable("humidity_pct", "%", "Relative humidity"),
    Variable("wind_direction_deg", "°", "Direction the wind comes from"),
    Variable("wind_gust_ms", "m/s", "Strongest gust of the hour"),
    Variable("wind_speed_ms", "m/s", "Wind speed"),
)

VARIABLE_NAMES = tuple(variable.name for variable in VARIABLES)

# A set of variables is a sum of these.
VARIABLE_BITS = {name: 1 << number for number, name in enumerate(VARIABLE_NAMES)}

# The name of each variable's quality flag: without the unit, such as `temperature_flag`.
FLAG_NAMES = {
    name: re.sub(r"_(mm|hpa|kj_m2|c|pct|deg|ms)$", "_flag", name) for name in VARIABLE_NAMES
}

STATION_ID_PATTERN = r"[A-Z]\d{3}"

# What a reader returns: one row for each hour of the file, in the order of the file.
OBSERVATION_SCHEMA = pa.schema(
    [
        pa.field("station_id", pa.string(), nullable=False),
        pa.field("observed_at", pa.timestamp("us"), nullable=False),
        *(pa.field(name, pa.float64()) for name in VARIABLE_NAMES),
        pa.field("line_number", pa.int32(), nullable=False),
    ]
)
