"""The sun above a station, as SQL: an upper bound of an hour's extraterrestrial radiation.

The bound is the solar constant times the sine of the sun's highest elevation in the hour, as if it
stayed there all the hour. It is 0 exactly when the sun is down during the whole hour. Declination,
distance and equation of time follow FAO Irrigation and Drainage Paper 56 (1998), equations 23, 24,
32 and 33. What depends only on the day or only on the station is computed once, in the tables
SUN_DAYS and BATCH. Angles are in radians; an hour is labelled by its end.
"""

from __future__ import annotations

SOLAR_CONSTANT_KJ_M2_H = 4921

_DECLINATION = "0.409 * SIN(2 * PI() * day_of_year / 365 - 1.39)"
_SEASON = "2 * PI() * (day_of_year - 81) / 364"

DAY_COLUMNS = {
    "declination_sine": f"SIN({_DECLINATION})",
    "declination_cosine": f"COS({_DECLINATION})",
    "distance": "1 + 0.033 * COS(2 * PI() * day_of_year / 365)",
    "equation_of_time_h": f"0.1645 * SIN(2 * {_SEASON}) - 0.1255 * COS({_SEASON})"
    f" - 0.025 * SIN({_SEASON})",
}

STATION_COLUMNS = {
    "latitude_sine": "SIN(RADIANS(latitude_deg))",
    "latitude_cosine": "COS(RADIANS(latitude_deg))",
    "longitude_h": "longitude_deg / 15",
}

# The hour angle at the middle of the hour, between -pi and pi; half an hour is pi / 24.
_TURNED = (
    "PI() / 12 * (HOUR(observations.observed_at) - 12.5"
    " + batch.longitude_h + days.equation_of_time_h)"
)
_HOUR_ANGLE = f"{_TURNED} - 2 * PI() * ROUND({_TURNED} / (2 * PI()))"

# For an hour of `observations`, its station in `batch` and its day in `days`; null without a place.
EXTRATERRESTRIAL = (
    f"{SOLAR_CONSTANT_KJ_M2_H} * days.distance * GREATEST("
    "0, batch.latitude_sine * days.declination_sine"
    " + batch.latitude_cosine * days.declination_cosine"
    f" * COS(GREATEST(0, ABS({_HOUR_ANGLE}) - PI() / 24))"
    ")"
)
