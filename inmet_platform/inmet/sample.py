"""A synthetic station-year in the portal's form: plausible weather, clearly not data of INMET.

It lets a user try the platform without any file. Temperature follows sun and season, humidity
follows temperature and moisture, radiation follows the sun's height (missing at night, as INMET
publishes it), showers in tips of 0.2 mm follow moist afternoons, and a few hours are missing.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from inmet_platform.inmet.portal_form import Vintage, portal_file, portal_name, vintage_of_year
from inmet_platform.inmet.quality.rules import TRIPLES
from inmet_platform.inmet.readers.station import StationHeader

Floats = NDArray[np.float64]

LATITUDE_DEG, LONGITUDE_DEG = -15.79, -47.93
# INMET uses no code that begins with Z.
STATION = StationHeader(
    station_id="Z999",
    name="ESTACAO SINTETICA (NAO E DADO DO INMET)",
    region="CO",
    uf="DF",
    latitude_deg=LATITUDE_DEG,
    longitude_deg=LONGITUDE_DEG,
    altitude_m=1160.0,
    founded_on=date(2000, 5, 7),
)

_SOLAR_CONSTANT_KJ_M2_H = 4921.0  # 1367 W/m2 over an hour
_STATION_PRESSURE_HPA = 887.0
_GAPS = 12


def sample_station_year(
    year: int, *, seed: int = 1, vintage: Vintage | None = None
) -> tuple[str, bytes]:
    """A file's name and its bytes, always the same for one year, seed and vintage.

    Args:
        year: the calendar year, 365 or 366 days of 24 hours.
        seed: seeds the random numbers.
        vintage: the portal's form; by default the form of that year.
    """
    hours = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[h]")
    values = _weather(hours, np.random.default_rng(seed))
    data = portal_file(STATION, hours, values, vintage or vintage_of_year(year))
    return portal_name(STATION, date(year, 1, 1), date(year, 12, 31)), data


def _weather(hours: NDArray[np.datetime64], rng: np.random.Generator) -> dict[str, Floats]:
    count = len(hours)
    day = (hours - hours[0]).astype(int) / 24
    sun = _sun_height(day)
    # The wet season is the southern summer; moist air stays for days.
    season = np.cos(2 * np.pi * (day - 20) / 365)
    moisture = 0.8 * season + _persistent(rng, count, 0.985)
    rain = _rain(rng, moisture, day)
    wet = np.minimum(rain, 5) / 5
    # The air warms some two hours after the sun.
    warmth = np.convolve(sun, np.array([0.1, 0.25, 0.3, 0.25, 0.1]))[:count]
    temperature = 21 + 1.5 * season + 6.5 * warmth - 3 * wet + 1.2 * _persistent(rng, count, 0.95)
    dew_point = np.minimum(temperature - 0.4, 13.5 + 4.5 * np.tanh(moisture) + 1.5 * wet)
    tide = 1.4 * np.cos(2 * np.pi * (day * 24 - 13) / 12)
    pressure = _STATION_PRESSURE_HPA + tide - 1.2 * season - 0.8 * moisture
    pressure += 0.3 * _persistent(rng, count, 0.9)
    speed = np.abs(1.6 + 1.4 * sun + 0.7 * _persistent(rng, count, 0.8))
    direction = np.mod(np.round(90 + 60 * _persistent(rng, count, 0.95)) - 1, 360) + 1
    cloud = np.clip(0.25 + 0.25 * np.tanh(moisture) + 0.5 * wet, 0, 0.9)
    radiation = np.where(sun > 0.01, sun * (0.78 - 0.65 * cloud) * _SOLAR_CONSTANT_KJ_M2_H, np.nan)
    values: dict[str, Floats] = {
        "precipitation_mm": rain,
        "radiation_kj_m2": np.asarray(np.round(radiation, 1)),
        "wind_direction_deg": direction,
        "wind_speed_ms": np.asarray(np.round(speed, 1)),
        "wind_gust_ms": np.round(speed * (1.5 + 0.4 * rng.random(count)) + wet * 4, 1),
    }
    values |= _with_extremes(rng, "pressure", pressure, 0.3)
    values |= _with_extremes(rng, "temperature", temperature, 0.6)
    values |= _with_extremes(rng, "dew_point", dew_point, 0.4)
    humidity = np.clip(_relative_humidity(temperature, dew_point), 12, 100)
    values |= _with_extremes(rng, "humidity", humidity, 2.0)
    return _with_gaps(rng, values)


def _sun_height(day: Floats) -> Floats:
    """Sine of the sun's height, 0 at night; the station's noon is 15:12 UTC."""
    latitude = np.radians(LATITUDE_DEG)
    declination = np.radians(-23.44) * np.cos(2 * np.pi * (day + 10) / 365)
    hour_angle = np.radians(((day % 1) * 24 - 12) * 15 + LONGITUDE_DEG)
    height = np.sin(latitude) * np.sin(declination)
    height += np.cos(latitude) * np.cos(declination) * np.cos(hour_angle)
    return np.asarray(np.maximum(height, 0.0))


def _persistent(rng: np.random.Generator, count: int, memory: float) -> Floats:
    """A first-order autoregressive series of unit variance, by its impulse response."""
    noise = rng.standard_normal(count) * np.sqrt(1 - memory**2)
    length = min(count, int(np.log(1e-3) / np.log(memory)) + 1)
    return np.convolve(noise, memory ** np.arange(length))[:count]


def _rain(rng: np.random.Generator, moisture: Floats, day: Floats) -> Floats:
    """Showers of a few hours that begin on moist afternoons; mm in tips of 0.2."""
    count = len(moisture)
    afternoon = np.exp(-0.5 * (((day % 1) * 24 - 20) / 3.0) ** 2)
    begins = rng.random(count) < 0.10 * (0.15 + afternoon) / (1 + np.exp(-3 * (moisture - 0.4)))
    strength = np.where(begins, rng.lognormal(1.0, 1.35, count), 0.0)
    fading = np.array([0.7, 1.0, 0.5, 0.3, 0.12])
    amount = np.convolve(strength, fading)[:count] * rng.uniform(0.6, 1.4, count)
    return np.asarray(np.round(np.minimum(np.floor(amount / 0.2) * 0.2, 90.0), 1))


def _relative_humidity(temperature: Floats, dew_point: Floats) -> Floats:
    """In percent, by Magnus' formula."""
    a, b = 17.625, 243.04
    exponent = a * dew_point / (b + dew_point) - a * temperature / (b + temperature)
    return np.asarray(100 * np.exp(exponent))


def _with_extremes(
    rng: np.random.Generator, quantity: str, values: Floats, spread: float
) -> dict[str, Floats]:
    """A quantity with the highest and lowest value of the hour; humidity in whole percent."""
    decimals, top = (0, 100.0) if quantity == "humidity" else (1, np.inf)
    up, down = rng.exponential(spread / 2, (2, len(values)))
    value = np.round(values, decimals)
    series = (value, np.minimum(value + up, top), value - down)
    return {
        name: np.round(it, decimals) for name, it in zip(TRIPLES[quantity], series, strict=True)
    }


def _with_gaps(rng: np.random.Generator, values: dict[str, Floats]) -> dict[str, Floats]:
    """Some stretches of hours without any value; INMET publishes such rows, so they stay."""
    count = len(values["precipitation_mm"])
    for start in rng.integers(0, count, _GAPS):
        length = int(rng.integers(1, 12))
        for series in values.values():
            series[start : start + length] = np.nan
    return values
