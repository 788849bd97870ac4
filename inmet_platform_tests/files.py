"""Files for tests: one of INMET's own, and small ones made here."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from functools import cache

import numpy as np

from inmet_platform.inmet.portal_form import Vintage, portal_file
from inmet_platform.inmet.readers import StationHeader
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform_tests.needs import SHARED

A001_2020 = SHARED / "portal" / "INMET_CO_DF_A001_BRASILIA_01-01-2020_A_31-12-2020.CSV"


def station(code: str = "A001") -> StationHeader:
    return StationHeader(code, "TESTE", "CO", "DF", -15.5, -47.25, 1000.0, date(2000, 5, 7))


def small_portal_file(
    code: str = "A001",
    *,
    first: str = "2020-01-01T00",
    hours: int = 48,
    seed: int = 0,
    vintage: Vintage = "2020-",
) -> bytes:
    """A portal file of some hours with values of two decimals at most, some missing."""
    rng = np.random.default_rng(seed)
    times = np.arange(np.datetime64(first, "h"), np.datetime64(first, "h") + hours)
    drawn = {name: np.round(rng.uniform(0, 30, hours), 1) for name in VARIABLE_NAMES}
    values = _sound(drawn)
    for name in VARIABLE_NAMES:
        values[name][rng.random(hours) < 0.2] = np.nan
    return portal_file(station(code), times, values, vintage)


def _sound(drawn: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Values between 0 and 30 as those of a station at 1,000 m: lowest, value, highest in order."""
    values = dict(drawn)
    for high, value, low in (
        ("temperature_max_c", "temperature_c", "temperature_min_c"),
        ("dew_point_max_c", "dew_point_c", "dew_point_min_c"),
        ("humidity_max_pct", "humidity_pct", "humidity_min_pct"),
        ("pressure_max_hpa", "pressure_hpa", "pressure_min_hpa"),
    ):
        in_order = np.sort([drawn[low], drawn[value], drawn[high]], axis=0)
        values[low], values[value], values[high] = in_order
    for name in ("pressure_hpa", "pressure_max_hpa", "pressure_min_hpa"):
        values[name] = np.round(values[name] + 890, 1)
    values["dew_point_c"] = np.minimum(values["dew_point_c"], values["temperature_c"])
    values["dew_point_min_c"] = np.minimum(values["dew_point_min_c"], values["dew_point_c"])
    values["wind_direction_deg"] = np.round(drawn["wind_direction_deg"])
    values["wind_gust_ms"] = np.maximum(drawn["wind_gust_ms"], drawn["wind_speed_ms"])
    return values


@cache
def many_stations() -> bytes:
    """A zip of sixty stations with 400 hours each: a load and a merge take a moment."""
    codes = [f"A{number:03}" for number in range(60)]
    return zip_of(
        {f"{code}.CSV": small_portal_file(code, hours=400, seed=n) for n, code in enumerate(codes)}
    )


def zip_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()
