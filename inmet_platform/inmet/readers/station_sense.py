"""Whether the place in a file's metadata block can be a station's: in Brazil, at its altitude."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.inmet.readers.station import StationHeader

# Brazil with its islands, and its station in Antarctica (C891).
_BOXES = (((-34.0, 5.5), (-74.5, -28.0)), ((-90.0, -60.0), (-180.0, 180.0)))
# There the air is far from the standard atmosphere.
_ANTARCTIC = -60.0
_ALTITUDES = (-20.0, 3000.0)
_ALTITUDE_ERROR_M, _ALTITUDE_DOUBT_M = 200.0, 600.0
# A drifted sensor shows itself in time: of a few hours nothing is concluded.
_HOURS_OF_PRESSURE = 12


def sound_header(
    header: StationHeader, pressure_hpa: pa.ChunkedArray
) -> tuple[StationHeader, list[str]]:
    """The header without a place that is not in Brazil, and with the altitude that fits.

    Args:
        header: as the file says.
        pressure_hpa: of its hours, at station level: it tells the altitude to within 200 m.
    """
    remarks = []
    latitude, longitude = header.latitude_deg, header.longitude_deg
    if not _in_brazil(latitude, longitude):
        remarks.append(
            f"latitude {latitude}, longitude {longitude}: no station of Brazil is there; left out"
        )
        header = replace(header, latitude_deg=None, longitude_deg=None)
    altitude = header.altitude_m
    if header.latitude_deg is None or header.latitude_deg > _ANTARCTIC:
        altitude = _sound_altitude(altitude, pressure_hpa)
    if altitude != header.altitude_m:
        told = f"taken for {altitude} m" if altitude is not None else "left out"
        remarks.append(f"altitude {header.altitude_m} m does not fit the pressure; {told}")
    return replace(header, altitude_m=altitude), remarks


def _in_brazil(latitude: float | None, longitude: float | None) -> bool:
    if latitude is None or longitude is None:
        return True
    return any(
        south <= latitude <= north and west <= longitude <= east
        for (south, north), (west, east) in _BOXES
    )


def _sound_altitude(altitude: float | None, pressure_hpa: pa.ChunkedArray) -> float | None:
    """The altitude, moved by powers of ten where only so it fits the pressure."""
    usual = pc.mean(pressure_hpa, min_count=_HOURS_OF_PRESSURE).as_py()
    if altitude is None:
        return None
    lowest, highest = _ALTITUDES
    if usual is None or not 600 < usual < 1100:
        return altitude if lowest <= altitude <= highest else None
    # The international standard atmosphere (ISO 2533).
    by_pressure = 44_330.8 * (1 - (usual / 1013.25) ** 0.190263)
    if lowest <= altitude <= highest and abs(altitude - by_pressure) <= _ALTITUDE_DOUBT_M:
        return altitude
    fitting = [
        moved
        for power in (-4, -3, -2, -1, 1, 2, 3, 4)
        if abs((moved := round(altitude * 10.0**power, 6)) - by_pressure) <= _ALTITUDE_ERROR_M
    ]
    if len(fitting) == 1 and by_pressure > _ALTITUDE_ERROR_M:
        return fitting[0]
    return altitude if lowest <= altitude <= highest else None
