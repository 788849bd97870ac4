"""The daily and monthly values that INMET publishes itself, declared once.

They come from BDMEP, of automatic stations and of conventional ones, whose code has five digits.
They stand beside our own values of the day and are never mixed with them. The names are those of
BDMEP's columns; `(AUT)` after a name, which only says that the station is automatic, is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

# Of an automatic station, or of a conventional one.
PUBLISHED_STATION_PATTERN = r"[A-Z]\d{3}|\d{5}"


@dataclass(frozen=True)
class PublishedVariable:
    """A value of a day or month.

    Attributes:
        name: of our column.
        bdmep: of BDMEP's column, folded, without `(AUT)` and unit.
        written: BDMEP's unit, in small letters without signs.
        bounds: which a sound value does not leave.
        description: what it is.
    """

    name: str
    bdmep: str
    written: str
    bounds: tuple[float, float]
    description: str


_DEGREES, _PER_CENT, _HPA = (-60.0, 60.0), (0.0, 110.0), (500.0, 1100.0)

DAILY = (
    PublishedVariable(
        *("precipitation_mm", "precipitacao total diario", "mm", (0, 1000)), "Precipitation"
    ),
    PublishedVariable(
        *("temperature_mean_c", "temperatura media diaria", "c", _DEGREES),
        "Mean temperature; of a conventional station the compensated mean",
    ),
    PublishedVariable(
        *("temperature_mean_c", "temperatura media compensada diaria", "c", _DEGREES),
        "Mean temperature; of a conventional station the compensated mean",
    ),
    PublishedVariable(
        *("temperature_max_c", "temperatura maxima diaria", "c", _DEGREES), "Highest temperature"
    ),
    PublishedVariable(
        *("temperature_min_c", "temperatura minima diaria", "c", _DEGREES), "Lowest temperature"
    ),
    PublishedVariable(
        *("dew_point_mean_c", "temperatura do ponto de orvalho media diaria", "c", _DEGREES),
        "Mean dew point",
    ),
    PublishedVariable(
        *("humidity_mean_pct", "umidade relativa do ar media diaria", "", _PER_CENT),
        "Mean relative humidity",
    ),
    PublishedVariable(
        *("humidity_min_pct", "umidade relativa do ar minima diaria", "", _PER_CENT),
        "Lowest relative humidity",
    ),
    PublishedVariable(
        *("pressure_mean_hpa", "pressao atmosferica media diaria", "mb", _HPA),
        "Mean pressure at station level",
    ),
    PublishedVariable(
        *("wind_speed_mean_ms", "vento velocidade media diaria", "m s", (0, 60)), "Mean wind speed"
    ),
    PublishedVariable(
        *("wind_gust_max_ms", "vento rajada maxima diaria", "m s", (0, 100)), "Strongest gust"
    ),
    PublishedVariable(
        *("evaporation_mm", "evaporacao do piche diaria", "mm", (0, 100)),
        "Evaporation of a Piche evaporimeter",
    ),
    PublishedVariable(*("sunshine_h", "insolacao total diario", "h", (0, 24)), "Hours of sunshine"),
)

MONTHLY = (
    PublishedVariable(
        *("precipitation_mm", "precipitacao total mensal", "mm", (0, 5000)), "Precipitation"
    ),
    PublishedVariable(
        *("precipitation_days", "numero de dias com precip pluv mensal", "número", (0, 31)),
        "Days with precipitation",
    ),
    PublishedVariable(
        *("temperature_mean_c", "temperatura media mensal", "c", _DEGREES),
        "Mean temperature; of a conventional station the compensated mean",
    ),
    PublishedVariable(
        *("temperature_mean_c", "temperatura media compensada mensal", "c", _DEGREES),
        "Mean temperature; of a conventional station the compensated mean",
    ),
    PublishedVariable(
        *("temperature_max_mean_c", "temperatura maxima media mensal", "c", _DEGREES),
        "Mean of the days' highest temperatures",
    ),
    PublishedVariable(
        *("temperature_min_mean_c", "temperatura minima media mensal", "c", _DEGREES),
        "Mean of the days' lowest temperatures",
    ),
    PublishedVariable(
        *("humidity_mean_pct", "umidade relativa do ar media mensal", "", _PER_CENT),
        "Mean relative humidity",
    ),
    PublishedVariable(
        *("pressure_mean_hpa", "pressao atmosferica media mensal", "mb", _HPA),
        "Mean pressure at station level",
    ),
    PublishedVariable(
        *("pressure_sea_level_mean_hpa", "pressao atmosferica ao nivel do mar media mensal"),
        *("mb", _HPA),
        "Mean pressure at sea level",
    ),
    PublishedVariable(
        *("wind_speed_mean_ms", "vento velocidade media mensal", "m s", (0, 60)), "Mean wind speed"
    ),
    PublishedVariable(
        *("wind_speed_max_ms", "vento velocidade maxima mensal", "m s", (0, 100)),
        "Highest wind speed",
    ),
    PublishedVariable(
        *("wind_direction_deg", "direcao predominante do vento mensal", "gr", (0, 360)),
        "Direction the wind mostly comes from",
    ),
    PublishedVariable(
        *("evaporation_mm", "evaporacao do piche mensal", "mm", (0, 1000)),
        "Evaporation of a Piche evaporimeter",
    ),
    PublishedVariable(
        *("evapotranspiration_potential_mm", "evapotranspiracao potencial bh mensal"),
        *("mm", (0, 1000)),
        "Potential evapotranspiration, of INMET's water balance",
    ),
    PublishedVariable(
        *("evapotranspiration_actual_mm", "evapotranspiracao real bh mensal", "mm", (0, 1000)),
        "Actual evapotranspiration, of INMET's water balance",
    ),
    PublishedVariable(
        *("sunshine_h", "insolacao total mensal", "h", (0, 744)), "Hours of sunshine"
    ),
    PublishedVariable(
        *("cloud_cover_mean_tenths", "nebulosidade media mensal", "décimos", (0, 10)),
        "Mean cloud cover, in tenths of the sky",
    ),
    PublishedVariable(
        *("visibility_mean_code", "visibilidade media mensal", "código", (0, 100)),
        "Mean visibility, as INMET codes it",
    ),
)

# The format of a file -> which values it holds, and how often.
PUBLISHED_FORMATS = {"bdmep_daily": ("daily", DAILY), "bdmep_monthly": ("monthly", MONTHLY)}


# What the rows of a file are that are no hours.
ROWS_OF = {"bdmep_daily": "days", "bdmep_monthly": "months", "catalogue": "stations"}


def published_names(variables: tuple[PublishedVariable, ...]) -> tuple[str, ...]:
    """The names of our columns, each once, in their order."""
    return tuple(dict.fromkeys(variable.name for variable in variables))


# What the reader returns: one row for each value, also for one that the file says is missing.
PUBLISHED_SCHEMA = pa.schema(
    [
        pa.field("station_id", pa.string(), nullable=False),
        pa.field("periodicity", pa.string(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("variable", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("line_number", pa.int32(), nullable=False),
    ]
)
