"""The hours that the rows of a file name, as UTC.

The form of dates and hours is decided for the file as a whole. INMET's hours form an unbroken
series, so a file whose months were taken for days shows it: read in the other way, it is unbroken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.date_order import hours_told_apart
from inmet_platform.inmet.readers.layout import Layout
from inmet_platform.inmet.readers.rows import Rows
from inmet_platform.inmet.readers.text import quoted
from inmet_platform.inmet.readers.time_cells import NONE, Cells, looked_up, refusal_at
from inmet_platform.inmet.readers.time_texts import hour_form, timestamp
from inmet_platform.inmet.readers.zones import Zone

AN_HOUR = "a full hour from 0000 to 2300"
A_TIMESTAMP = "a date and a full hour such as 2020-01-31 15:00"

_NAMES_OF_UTC = {"", "UTC", "GMT", "Z", "0", "+0", "+00", "+00:00", "00:00", "UTC+0", "ETC/UTC"}


@dataclass(frozen=True)
class Times:
    """The end of each row's hour, UTC, shape (n,), and what had to be decided."""

    observed_at: pa.Array
    remarks: tuple[str, ...] = ()


def observed_at(rows: Rows, layout: Layout, place: Place) -> Times:
    """The timestamps (us, UTC, end of the hour) of the rows; each distinct text is parsed once.

    Raises:
        UnreadableFile: a date or an hour does not exist, cannot be told apart, or is local.
    """
    _require_utc(rows, layout, place)
    if layout.timestamp_column is not None:
        cells = _split(rows, layout.timestamp_column, place)
    else:
        hours = rows.columns[layout.hour_column or 0]
        cells = Cells(_dates(rows, layout), hours, rows.line_numbers, place)
    of_day = looked_up(cells, cells.hours, hour_form(cells.hours), AN_HOUR)
    times, swapped = hours_told_apart(cells, of_day)
    shift, told = _shift(cells, layout, place)
    # The rows' own times are full hours.
    if np.any(np.mod(shift, 60)):
        at = int((np.mod(times - shift, 60) > 0).argmax())
        found = f"a zone of {np.broadcast_to(shift, times.shape)[at]} minutes"
        raise refusal_at(place, cells.lines[at], "full hours in UTC", found)
    minutes = times - shift
    return Times(pa.array(minutes * 60_000_000, pa.timestamp("us")), (*swapped, *told))


def _require_utc(rows: Rows, layout: Layout, place: Place) -> None:
    """Refuse rows beside which another column names a zone that is not UTC."""
    for index in layout.zone_columns:
        texts = rows.columns[index]
        for text in texts.dictionary.to_pylist():
            if text.strip().upper() not in _NAMES_OF_UTC:
                at = pc.index(texts.cast(pa.string()), text).as_py()
                raise refusal_at(place, rows.line_numbers[at], "hours in UTC", text)


def _dates(rows: Rows, layout: Layout) -> pa.DictionaryArray:
    columns = [rows.columns[index] for index in layout.date_columns]
    if len(columns) == 1:
        return columns[0]
    parts = [pc.utf8_trim_whitespace(column.cast(pa.string())) for column in columns]
    return pc.dictionary_encode(pc.binary_join_element_wise(*parts, "-"))


def _split(rows: Rows, column: int, place: Place) -> Cells:
    """The parts of a timestamp's text."""
    texts = rows.columns[column]
    found = [timestamp((text or "").strip()) for text in texts.dictionary.to_pylist()]
    empty = ("", "", None)
    dates, hours, offsets = zip(*(it or empty for it in [*found, None]), strict=True)
    indices = pc.coalesce(texts.indices, pa.scalar(len(found), texts.indices.type))
    bad = np.array([it is None for it in [*found, None]])[indices.to_numpy()]
    if bad.any():
        at = int(bad.argmax())
        raise refusal_at(place, rows.line_numbers[at], A_TIMESTAMP, texts[at].as_py())
    said = np.array([NONE if offset is None else offset for offset in offsets])[indices.to_numpy()]
    return Cells(
        pc.dictionary_encode(pa.array(dates, pa.string()).take(indices)),
        pc.dictionary_encode(pa.array(hours, pa.string()).take(indices)),
        rows.line_numbers,
        place,
        said,
    )


def _shift(cells: Cells, layout: Layout, place: Place) -> tuple[np.ndarray | int, list[str]]:
    """What to take off the hours, in minutes: the offset in the cells, else in the header."""
    zone, said = layout.zone, cells.offsets_min
    if said is not None and (said != NONE).all():
        offsets = [Zone(int(offset)) for offset in np.unique(said) if offset]
        return said, [f"hours of {offset} shifted to UTC" for offset in offsets]
    if zone.offset_min is None:
        raise UnreadableFile(
            place.at(layout.header_line),
            expected="hours in UTC, or a fixed offset such as UTC-3 in the column's name",
            found=f"{quoted(layout.time_column)}: {zone}",
        )
    if said is not None and (said != NONE).any():
        said = np.where(said == NONE, zone.offset_min, said)
        if (said != said[0]).any():
            at = int((said != said[0]).argmax())
            raise refusal_at(
                place, cells.lines[at], "one time zone a file", cells.hours[at].as_py()
            )
    if not zone.offset_min:
        return 0, []
    return zone.offset_min, [f"{layout.time_column}: hours of {zone} shifted to UTC"]
