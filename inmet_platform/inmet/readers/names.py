"""What a column is by its name: one table of the words that INMET and its users write.

A name is taken apart into whole words. It is a measured variable only if each word is known here,
so the wet bulb, a daily mean or the soil's temperature is never taken for an hourly variable. The
unit is a part of the name: `units.py` says what it makes of the values.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from inmet_platform.inmet.readers.text import fold
from inmet_platform.inmet.readers.units import Unit, split_unit

Role = Literal[
    "variable", "date", "hour", "timestamp", "zone", "station", "place", "year", "month", "day"
]

# The words of a quantity, as INMET's portal, BDMEP, its station table and API, basedosdados, Kaggle
# and people write them. Several words in one entry stand together. `{}` stands for _max or _min.
QUANTITIES: dict[str, tuple[str, ...]] = {
    "precipitation_mm": (
        *("precipitação", "precip", "chuva", "pluviosidade"),
        *("precipitation", "rain", "rainfall", "prcp"),
    ),
    "dew_point{}_c": ("orvalho", "pto", "dew point", "dewpoint", "dewp"),
    "pressure{}_hpa": ("pressão", "press", "pre", "pressure", "stp"),
    "radiation_kj_m2": ("radiação", "rad", "radiation", "gbrd"),
    "humidity{}_pct": ("umidade", "umid", "umi", "umd", "ur", "humidity", "rh", "hmdy"),
    "wind_direction_deg": ("direção", "dir", "direction", "wdct"),
    "wind_gust_ms": ("rajada", "raj", "gust"),
    "wind_speed_ms": ("velocidade", "vel", "speed", "wdsp"),
    "temperature{}_c": ("temperatura", "temp", "tem", "temperature"),
}

# Words that tell nothing else of a variable of the hour.
QUALIFIERS = (
    *("total", "horário", "horária", "hora", "aut", "automática", "1h", "h"),
    *("ins", "inst", "instantâneo", "instantânea", "glo", "global", "solar", "incidente"),
    *("ar", "bulbo", "seco", "relativa", "rel", "atmosférica", "atm", "barométrica"),
    *("nível", "estação", "est", "vento", "ven", "wind", "air", "relative", "hourly"),
    *("a", "ao", "da", "de", "do", "na", "no", "of", "the", "at"),
)
MAXIMUM = ("máxima", "máximo", "máx", "maximum")
MINIMUM = ("mínima", "mínimo", "mín", "minimum")

# Names of one word that say quantity and extreme at once (Kaggle's older table).
ABBREVIATIONS = {
    "smax": "pressure_max_hpa",
    "smin": "pressure_min_hpa",
    "tmax": "temperature_max_c",
    "tmin": "temperature_min_c",
    "dmax": "dew_point_max_c",
    "dmin": "dew_point_min_c",
    "hmax": "humidity_max_pct",
    "hmin": "humidity_min_pct",
}

# Whole names of what is no variable; the unit, the zone and the form in brackets are taken off.
ROLES: dict[Role, tuple[str, ...]] = {
    "date": (
        *("data", "date", "data medicao", "dt medicao", "data da medicao", "data leitura"),
        *("data utc", "data local", "data yyyy mm dd"),
    ),
    "hour": (
        *("hora", "hora utc", "hora medicao", "hr medicao", "hora da medicao", "hour", "hr"),
        *("hora local", "hora brasilia", "hora de brasilia", "horario", "horario utc", "time"),
        *("hora gmt", "horario local", "hour utc", "time utc", "hora observacao"),
    ),
    "timestamp": (
        *("data hora", "datahora", "data e hora", "datetime", "timestamp", "date time", "dt"),
        *(
            "data hora utc",
            "datetime utc",
            "timestamp utc",
            "observed at",
            "mdct",
            "data hora local",
        ),
        *("data hora brasilia", "data hora medicao", "datahora utc", "momento"),
    ),
    "zone": ("timezone", "time zone", "tz", "fuso", "fuso horario", "zona", "utc offset"),
    "station": (
        *("codigo estacao", "cod estacao", "cd estacao", "id estacao", "codigo da estacao"),
        *("codigo", "codigo wmo", "estacao", "station", "station id", "station code", "wmo"),
        *("cod da estacao", "id da estacao", "code", "estacao codigo", "estacao id", "inme"),
    ),
    "place": (
        *("municipio", "cidade", "city", "nome", "nome estacao", "estacao nome", "station name"),
        *("nome da estacao", "dc nome", "localidade", "local", "name", "wsnm"),
    ),
    "year": ("ano", "year", "yr"),
    "month": ("mes", "month", "mo"),
    "day": ("dia", "day", "da"),
}
_IN_BRACKETS = re.compile(r"[(\[].*")
_ZONE = re.compile(r" (utc|gmt|local)( .*)?$")
_ROLE_OF: dict[str, Role] = {name: role for role, names in ROLES.items() for name in names}


@dataclass(frozen=True)
class Meaning:
    """What a column is; `variable` and `unit` are those of a measured variable."""

    role: Role
    variable: str | None = None
    unit: Unit | None = None


def folded_forms(word: str) -> set[str]:
    """A word without accents, and as it is when one or more accented letters were lost."""
    letters = (
        (fold(letter), "") if len(unicodedata.normalize("NFD", letter)) > 1 else (letter,)
        for letter in word
    )
    return {"".join(form) for form in product(*letters)}


_QUALIFIERS = {form for word in QUALIFIERS for form in folded_forms(word)}
_EXTREMES = {
    **{form: "_max" for word in MAXIMUM for form in folded_forms(word)},
    **{form: "_min" for word in MINIMUM for form in folded_forms(word)},
}
_QUANTITIES = tuple(
    (tuple(form.split()), quantity)
    for quantity, names in QUANTITIES.items()
    for name in names
    for form in folded_forms(name)
)


@lru_cache(1_000)
def meaning(name: str) -> Meaning | None:
    """What a column of this name is; None when it is nothing that a reader knows."""
    folded = fold(name)
    # `Hora (UTC-3)` and `hora_utc_3` are hours: zones.py reads the rest.
    without_zone = (folded, fold(_IN_BRACKETS.sub("", name)), _ZONE.sub("", folded))
    roles = [_ROLE_OF[form] for form in without_zone if form in _ROLE_OF]
    if roles:
        return Meaning(roles[0])
    words, unit = split_unit(name)
    variable = _variable(words)
    return Meaning("variable", variable, unit) if variable else None


def _variable(words: list[str]) -> str | None:
    if len(words) == 1 and words[0] in ABBREVIATIONS:
        return ABBREVIATIONS[words[0]]
    for form, quantity in _QUANTITIES:
        if not set(form) <= set(words):
            continue
        rest = [word for word in words if word not in form]
        extremes = [_EXTREMES[word] for word in rest if word in _EXTREMES]
        if _is_known(rest, quantity) and len(extremes) <= 1:
            return _with_extreme(quantity, extremes)
        return None
    return None


def _is_known(rest: list[str], quantity: str) -> bool:
    # The temperature of the dew point: each of the two is a quantity.
    also = {"temperatura", "temp", "tem", "ponto"} if quantity.startswith("dew") else set()
    if "hora" in rest:  # the extremes of the past hour are called those of the hour before
        also = also | {"ant", "anterior"}
    also = also | {word for form, of in _QUANTITIES if of == quantity for word in form}
    return all(word in _QUALIFIERS or word in _EXTREMES or word in also for word in rest)


def _with_extreme(quantity: str, extremes: list[str]) -> str | None:
    if "{}" in quantity:
        return quantity.format(*(extremes or [""]))
    # A gust is the highest speed of the hour; nothing else without `{}` has an extreme.
    is_gust = quantity == "wind_gust_ms" and extremes == ["_max"]
    return quantity if is_gust or not extremes else None
