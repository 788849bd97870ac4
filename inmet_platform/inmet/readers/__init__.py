"""Readers of the files that INMET publishes: bytes in, an Arrow table in the canonical schema out.

A reader recognises a format by the content of the file, never by its name or year. Every format has
a few lines of metadata, one header line and rows; the formats differ in labels, column names,
separators and missing values, so one parser serves them all:

    members.py  the files inside a zip, one at a time
    wrapped.py  what a table is wrapped in; workbook.py opens a workbook, in a process of its own
    text.py     bytes to text; parts.py the pieces of a file that people joined
    header.py   where the header line is; layout.py which column holds what
    names.py    what a column's name means; units.py and zones.py what it says beside that
    rows.py     the rows as INMET writes them, vectorised
    repair.py   the rows as people leave them: what is certain is repaired, the rest refused
    times.py    the hours; date_order.py which number is the month; time_texts.py, time_cells.py
    stations.py whose hours they are; station.py the metadata block
    sense.py    whether the whole makes sense; station_sense.py whether the station's place does
    report.py   what a user should know about a file although it was read

Nothing here writes a file or knows where the bytes come from.
"""

from inmet_platform.inmet.readers.inspection import Inspection, inspect_file
from inmet_platform.inmet.readers.members import Member, is_zip, members
from inmet_platform.inmet.readers.observations import (
    READER_VERSION,
    read_observations,
    read_stations,
)
from inmet_platform.inmet.readers.report import Reading, Report
from inmet_platform.inmet.readers.station import StationHeader
from inmet_platform.inmet.readers.wrapped import holds_workbook

__all__ = [
    "READER_VERSION",
    "Inspection",
    "Member",
    "Reading",
    "Report",
    "StationHeader",
    "holds_workbook",
    "inspect_file",
    "is_zip",
    "members",
    "read_observations",
    "read_stations",
]
