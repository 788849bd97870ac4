"""Files of INMET that hold no hourly observations: recognised, told apart, not read further."""

from __future__ import annotations

from datetime import datetime

from inmet_platform.errors import Place
from inmet_platform.inmet.readers.layout import HOURLY_FORMATS, layout_of
from inmet_platform.inmet.readers.report import Report
from inmet_platform.inmet.readers.station import parse_metadata
from inmet_platform.inmet.readers.text import refuse_what_is_no_text

WORDS = {
    "bdmep_daily": "daily values of BDMEP",
    "catalogue": "a catalogue of stations",
}


def report_of_other(data: bytes, *, file: str, member: str | None = None) -> Report | None:
    """The report of daily values or of a station catalogue; None for hourly observations.

    Raises:
        UnreadableFile: no file of INMET at all.
    """
    place = Place(file, member)
    refuse_what_is_no_text(data, place)
    layout = layout_of(data, place)
    if layout.format in HOURLY_FORMATS:
        return None
    lines = [line for line in data[layout.data_offset :].split(b"\n") if line.strip(b"; \r")]
    metadata = parse_metadata(layout.metadata)
    days = [_day(lines[0]), _day(lines[-1])] if lines and layout.format == "bdmep_daily" else []
    return Report(
        file=file,
        member=member,
        format=layout.format,
        encoding=layout.encoding,
        station_id=metadata.get("station_id", (0, None))[1],
        station_name=metadata.get("name", (0, None))[1],
        station_source="file" if "station_id" in metadata else None,
        first_hour=days[0] if days else None,
        last_hour=days[1] if days else None,
        rows=len(lines),
    )


def _day(line: bytes) -> datetime | None:
    try:
        return datetime.strptime(line[:10].decode(), "%Y-%m-%d")  # noqa: DTZ007 - a UTC day
    except ValueError:
        return None
