"""Whether a file's values, hours and places make sense as a whole.

A file can be well formed and wrong: a column may have moved beside its name, a year may be
mistyped, two stations may have been put under one. What the file itself decides is decided and
told; what it leaves open is refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.rows import one_chunk

# No automatic station of INMET measured before May 2000.
FIRST_HOUR = datetime(2000, 1, 1)  # noqa: DTZ001 - naive UTC, as everywhere in a table
# A sender's clock and zone may differ from ours.
AHEAD = timedelta(days=1)

# Bounds that no value of a sound column leaves; quality control has narrower ones. In the 565
# stations of 2024 none does, no direction has a fraction, and of the pairs below only dew point and
# temperature ever change places: in a quarter of a station's hours at most.
_BOUNDS = {
    "precipitation_mm": (0, 401),
    "pressure": (500, 1100),
    "radiation_kj_m2": (-500, 50_000),
    "temperature": (-90, 60),
    "dew_point": (-90, 60),
    "humidity": (0, 110),
    "wind_direction_deg": (0, 360),
    "wind_gust_ms": (0, 100),
    "wind_speed_ms": (0, 100),
}
# The first is above the second in a sound file.
_ABOVE = (
    *(
        pair
        for quantity, unit in (
            *(("temperature", "c"), ("dew_point", "c")),
            *(("humidity", "pct"), ("pressure", "hpa")),
        )
        for pair in (
            (f"{quantity}_max_{unit}", f"{quantity}_min_{unit}"),
            (f"{quantity}_max_{unit}", f"{quantity}_{unit}"),
            (f"{quantity}_{unit}", f"{quantity}_min_{unit}"),
        )
    ),
    ("temperature_c", "dew_point_c"),
    ("wind_gust_ms", "wind_speed_ms"),
)
_FEW_HOURS = 5
_MOST_W_M2 = 1500
_MOST_ODD = 0.05
_IN_ORDER = 0.9
_FEW_STEPS = 3


def require_sound_hours(table: pa.Table, received_at: datetime | None, place: Place) -> None:
    """Refuse hours before INMET measured, of the future, and a single one out of its place.

    Raises:
        UnreadableFile: it names the first line.
    """
    found, lines = table["observed_at"].to_numpy(), table["line_number"].to_numpy()
    bad = found < np.datetime64(FIRST_HOUR)
    if received_at:
        bad |= found > np.datetime64(received_at + AHEAD)
    if bad.any():
        expected = f"an hour from {FIRST_HOUR:%Y-%m-%d} until the file was received"
        raise _bad_hour(found, bad, lines, place, expected)
    _require_hourly(found, lines, place)
    bad = _out_of_place(found)
    if bad.any():
        expected = "the hour between those of the rows before and after"
        raise _bad_hour(found, bad, lines, place, expected)


def _require_hourly(times: np.ndarray, lines: np.ndarray, place: Place) -> None:
    """Refuse rows that all stand as many hours apart: means or sums of a day, or of some hours."""
    if len(times) <= _FEW_STEPS or times[1] - times[0] == np.timedelta64(1, "h"):
        return
    hours = np.diff(np.unique(times)) // np.timedelta64(1, "h")
    if len(hours) < _FEW_STEPS or hours[0] == 1:
        return
    monthly = (hours >= 28 * 24).all() and (hours <= 31 * 24).all()
    if monthly or (hours == hours[0]).all():
        raise UnreadableFile(
            place.at(lines[0]),
            expected="hours one after the other",
            found=f"rows that all stand {hours[0]} hours apart: means or sums of longer times",
            remedy="Send the hourly values that they were made of.",
        )


def _out_of_place(times: np.ndarray) -> np.ndarray:
    """The rows whose neighbours stand two hours apart, and that are not between them."""
    bad = np.zeros(len(times), dtype=bool)
    steps = np.diff(times)
    in_order = np.count_nonzero(steps == np.timedelta64(1, "h"))
    # Only in a series: rows in another order stand beside any other row.
    if _IN_ORDER * len(steps) <= in_order < len(steps):
        hours = steps // np.timedelta64(1, "h")
        around, before = hours[:-1] + hours[1:], hours[:-1]
        bad[1:-1] = (around == 2) & ((before < 0) | (before > 2))
    return bad


def _bad_hour(
    times: np.ndarray, bad: np.ndarray, lines: np.ndarray, place: Place, expected: str
) -> UnreadableFile:
    at = int(bad.argmax())
    hour = str(times[at].astype("datetime64[m]")).replace("T", " ")
    return UnreadableFile(place.at(lines[at]), expected=expected, found=hour)


def require_sound_values(
    table: pa.Table,
    variables: tuple[str, ...],
    outer_extremes: dict[str, tuple[float, float]],
    place: Place,
) -> list[str]:
    """Refuse a column some of whose values cannot be of its variable; of a few tell.

    Beyond the `outer_extremes` of a variable, where it has some, no value of it is.

    Returns:
        Remarks on values that quality control will take away.

    Raises:
        UnreadableFile: it names the line of the first such value.
    """
    told, columns = [], {name: one_chunk(table[name]) for name in variables}
    for name, (low, high) in _beyond_bounds(columns, outer_extremes).items():
        values = columns[name]
        outside = pc.or_(pc.less(values, low), pc.greater(values, high))
        odd, count = outside.true_count, pc.count(values).as_py()
        told.append(f"{odd:,} value(s) of {name} outside {low} to {high}")
        if odd > _MOST_ODD * count:
            at = pc.index(outside, True).as_py()
            raise UnreadableFile(
                place.at(table["line_number"][at].as_py()),
                expected=f"{name} between {low} and {high}, as its column's name says",
                found=f"{values[at].as_py():g}, as {odd:,} of {count:,} values are",
                remedy="They may stand beside their column, be of another unit, or mean a missing "
                "value: compare header and rows.",
            )
    _require_order(table, columns, place)
    _require_whole_degrees(table, place)
    _require_percent(table, place)
    return told


def _beyond_bounds(
    columns: dict[str, pa.Array], outer_extremes: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """The bounds of the columns that hold a value beyond them."""
    found: dict[str, tuple[float, float]] = {}
    for name, values in columns.items():
        low, high = _bounds_of(name)
        if name in outer_extremes:
            lowest, highest = outer_extremes[name]
            if low <= lowest and highest <= high:
                continue
        extremes = pc.min_max(values).as_py()
        if extremes["min"] is not None and not low <= extremes["min"] <= extremes["max"] <= high:
            found[name] = low, high
    return found


@lru_cache
def _bounds_of(name: str) -> tuple[float, float]:
    return next(bounds for start, bounds in _BOUNDS.items() if name.startswith(start))


def _require_percent(table: pa.Table, place: Place) -> None:
    """A relative humidity that never leaves 0 to 1 is a fraction, under whatever name."""
    values = table["humidity_pct"]
    if pc.any(pc.greater(values, 1)).as_py() or len(values) - values.null_count <= _FEW_HOURS:
        return
    highest = pc.max(values).as_py()
    if 0 < highest <= 1:
        raise UnreadableFile(
            place, expected="humidity_pct in %", found=f"at most {highest:g}: a fraction"
        )


def _require_whole_degrees(table: pa.Table, place: Place) -> None:
    """INMET gives directions in whole degrees: where most are none, it is another quantity."""
    values = table["wind_direction_deg"]
    odd = pc.not_equal(values, pc.floor(values))
    if 2 * (pc.sum(odd).as_py() or 0) > pc.count(values).as_py():
        at = pc.index(odd, True).as_py()
        raise UnreadableFile(
            place.at(table["line_number"][at].as_py()),
            expected="wind_direction_deg in whole degrees, as INMET gives it",
            found=f"{values[at].as_py():g}, and most others have a fraction too",
            remedy="The values may stand beside their column: compare header and rows.",
        )


def _require_order(table: pa.Table, columns: dict[str, pa.Array], place: Place) -> None:
    pairs = [pair for pair in _ABOVE if pair[0] in columns and pair[1] in columns]
    above, below = (
        pa.chunked_array([columns[pair[side]] for pair in pairs], pa.float64()) for side in (0, 1)
    )
    # One question for all pairs, one row after the other.
    all_wrong = one_chunk(pc.greater(below, above))
    for number, (higher, lower) in enumerate(pairs):
        wrong = all_wrong.slice(number * table.num_rows, table.num_rows)
        if wrong.true_count > _FEW_HOURS:
            rights = pc.less(columns[lower], columns[higher]).true_count
            if wrong.true_count > rights:
                raise _bad_order(table, higher, lower, wrong, place)


def _bad_order(
    table: pa.Table, above: str, below: str, wrong: pa.BooleanArray, place: Place
) -> UnreadableFile:
    at = pc.index(wrong, True).as_py()
    return UnreadableFile(
        place.at(table["line_number"][at].as_py()),
        expected=f"{above} at or above {below}",
        found=f"{table[above][at].as_py():g} below {table[below][at].as_py():g}, "
        f"as in {wrong.true_count:,} rows of {table.num_rows:,}",
        remedy="Two columns may have changed their names.",
    )


def require_mislabel(variable: str, values: pa.Array, form: str, where: Place) -> None:
    """Refuse radiation under W/m² unless it is INMET's own mislabel for kJ/m².

    It is in the station table, and where values are beyond what the sun gives in W/m².
    """
    highest = pc.max(values).as_py()
    if variable != "radiation_kj_m2" or form == "react_csv" or highest is None:
        return
    if highest <= _MOST_W_M2:
        raise UnreadableFile(
            where,
            expected="radiation in kJ/m² of the hour, as INMET gives it",
            found=f"(W/m²), and values up to {highest:g}, which can be either",
            remedy="Multiply W/m² by 3.6 and name the column kJ/m².",
        )
