"""Whose hours a file's rows are: its metadata block, its rows, its uploader, or its name says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.layout import Layout
from inmet_platform.inmet.readers.report import StationSource
from inmet_platform.inmet.readers.rows import Rows
from inmet_platform.inmet.readers.station import (
    StationHeader,
    checked_station_id,
    station_in_name,
)
from inmet_platform.inmet.readers.text import quoted
from inmet_platform.inmet.schema import STATION_ID_PATTERN


@dataclass(frozen=True)
class Station:
    """A station of a file; `rows` is a mask of shape (n,), None when all rows are its."""

    station_id: str
    source: StationSource
    header: StationHeader | None = None
    rows: np.ndarray | None = None


def stations(
    header: StationHeader | None, rows: Rows, layout: Layout, place: Place, given: str | None
) -> list[Station]:
    """The stations of a file; several where a column of codes tells them apart.

    Raises:
        UnreadableFile: nothing names the station, or two things name two.
    """
    given = checked_station_id(given, place) if given else None
    masks = _masks(rows, layout, place)
    if not masks:
        _require_one_place(rows, layout, place)
    if len(masks) > 1:
        if header or given:
            second = list(masks)[1]
            at = int(masks[second].argmax())
            named = header.station_id if header else given
            raise UnreadableFile(
                place.at(rows.line_numbers[at]),
                expected=f"one station, {named} as "
                + ("in the metadata block" if header else "the uploader says"),
                found=f"another, {quoted(second)}",
            )
        return [Station(code, "file", None, mask) for code, mask in masks.items()]
    return [one_station(header, next(iter(masks), None), place, given)]


def _masks(rows: Rows, layout: Layout, place: Place) -> dict[str, np.ndarray]:
    """The rows of each station in the column of codes, in the order of the file."""
    if layout.station_column is None:
        return {}
    column = rows.columns[layout.station_column].cast(pa.string())
    column = pc.utf8_upper(pc.utf8_trim_whitespace(pc.coalesce(column, pa.scalar(""))))
    texts = pc.unique(column).to_pylist()
    if texts == [""]:
        return {}
    masks = {}
    for text in texts:
        mask = pc.equal(column, text).to_numpy(zero_copy_only=False)
        line = place.at(rows.line_numbers[int(mask.argmax())])
        if not text:
            expected = "a station's code in each row, as in the others"
            raise UnreadableFile(line, expected=expected, found="none")
        masks[checked_station_id(text, line)] = mask
    return masks


def one_station(
    header: StationHeader | None,
    in_rows: str | None,
    place: Place,
    given: str | None,
    codes: str = STATION_ID_PATTERN,
) -> Station:
    """The station of a file that holds one.

    Args:
        header: its metadata block.
        in_rows: the code in its rows.
        place: for messages, and for the file's name.
        given: as the uploader says.
        codes: the pattern of a station's code in such a file.

    Raises:
        UnreadableFile: nothing names the station, or two things name two.
    """
    given = checked_station_id(given, place, codes) if given else None
    own = header.station_id if header else in_rows
    if in_rows and own != in_rows:
        raise UnreadableFile(
            place,
            expected=f"one station a file, {own} as in the metadata block",
            found=f"station {in_rows} in the rows",
        )
    if own and given and own != given:
        raise UnreadableFile(
            place,
            expected=f"station {given}, as the uploader says",
            found=f"station {own} in the file",
        )
    if own:
        return Station(own, "file", header)
    if given:
        return Station(given, "uploader")
    if named := station_in_name(place.member or place.file, codes):
        return Station(named, "name")
    raise UnreadableFile(
        place,
        expected="a station: in the metadata block, in the file's name, or from the uploader",
        found="none",
        remedy="Name it: station_id on upload, --station on the command line.",
    )


def _require_one_place(rows: Rows, layout: Layout, place: Place) -> None:
    """Refuse a file without codes whose rows name two places."""
    for index in layout.place_columns:
        names = rows.columns[index].cast(pa.string())
        distinct = [name for name in pc.unique(names).to_pylist() if name and name.strip()]
        if len(distinct) > 1:
            at = pc.index(names, distinct[1]).as_py()
            raise UnreadableFile(
                place.at(rows.line_numbers[at]),
                expected=f"one station a file, {quoted(distinct[0])} as before",
                found=f"another place, {quoted(distinct[1])}",
                remedy="Add a column of station codes, or send one file a station.",
            )
