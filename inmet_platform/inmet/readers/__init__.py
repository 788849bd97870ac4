"""Readers of the files that INMET publishes: bytes in, an Arrow table in the canonical schema out.

A reader recognises a format by the content of the file, never by its name or year. Every format has
a few lines of metadata, one header line and rows; the formats differ in labels, column names,
separators and missing values, so one parser serves them all:

    layout.py   the form of a file: where its header is, which column holds which variable
    rows.py     the rows as INMET writes them, vectorised
    repair.py   the rows as people leave them: what is certain is repaired, the rest refused
    station.py  the metadata block, and where the station's code comes from
    report.py   what a user should know about a file although it was read
    members.py  the files inside a zip, one at a time

Nothing here writes a file or knows where the bytes come from.
"""

from inmet_platform.inmet.readers.inspection import Inspection, inspect_file
from inmet_platform.inmet.readers.members import Member, is_zip, members
from inmet_platform.inmet.readers.observations import READER_VERSION, read_observations
from inmet_platform.inmet.readers.report import Reading, Report
from inmet_platform.inmet.readers.station import StationHeader

__all__ = [
    "READER_VERSION",
    "Inspection",
    "Member",
    "Reading",
    "Report",
    "StationHeader",
    "inspect_file",
    "is_zip",
    "members",
    "read_observations",
]
