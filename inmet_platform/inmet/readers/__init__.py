"""Readers of the files INMET publishes: bytes in, Arrow table in the canonical schema out.

A format is recognised by what the file holds, never by its name or year. Whatever the form,
a file is a few lines of metadata, one header line and rows; the formats differ in labels,
column names, separators and missing values, so one parser serves them all:

    layout.py    what form a file has: where its header is, which column holds what
    rows.py      the rows as INMET writes them, vectorised
    repair.py    the rows as people leave them: undone where it is certain, else refused
    station.py   the metadata block, and where the station's code comes from
    remarks.py   what to know of a file that was read all the same
    members.py   the files inside a zip, one at a time
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
