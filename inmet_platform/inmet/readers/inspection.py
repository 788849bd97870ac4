"""Looking at a file without storing it anywhere: `inmet inspect`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers.header import detect_layout
from inmet_platform.inmet.readers.layout import OTHER_FORMATS, Layout
from inmet_platform.inmet.readers.members import Member, members
from inmet_platform.inmet.readers.observations import read_stations
from inmet_platform.inmet.readers.report import Report
from inmet_platform.inmet.readers.station import parse_metadata
from inmet_platform.inmet.readers.text import csv_text
from inmet_platform.inmet.readers.wrapped import unwrapped


@dataclass
class Inspection:
    """What each file or member is, or why it is refused."""

    reports: list[Report] = field(default_factory=list)
    refusals: list[UnreadableFile] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "reports": [report.to_dict() for report in self.reports],
            "refusals": [
                {
                    **asdict(refusal.place),
                    "expected": refusal.expected,
                    "found": refusal.found,
                    "message": str(refusal),
                }
                for refusal in self.refusals
            ],
        }


def inspect_file(
    path: Path, *, name: str | None = None, station_id: str | None = None
) -> Inspection:
    """Read a file, or every member of a zip, and report.

    Args:
        path: the file.
        name: the name it was sent under, when it is another.
        station_id: the station, for a file that does not name it.
    """
    inspection = Inspection()
    try:
        for member in members(path, file=name):
            try:
                inspection.reports += _reports(member, station_id)
            except UnreadableFile as refusal:
                inspection.refusals.append(refusal)
    except UnreadableFile as refusal:  # the zip itself
        inspection.refusals.append(refusal)
    return inspection


def _reports(member: Member, station_id: str | None) -> list[Report]:
    data, place = member.read(), member.place
    try:
        found = read_stations(data, file=place.file, member=member.name, station_id=station_id)
    except UnreadableFile as refusal:
        if refusal.found not in OTHER_FORMATS.values():
            raise
    else:
        return [reading.report for reading in found]
    text = csv_text(unwrapped(data, place).data, place)
    return [_not_hourly(member, text.data, detect_layout(text.data, text.encoding, place))]


def _not_hourly(member: Member, data: bytes, layout: Layout) -> Report:
    lines = [line for line in data[layout.data_offset :].split(b"\n") if line.strip(b"; \r")]
    metadata = parse_metadata(layout.metadata)
    return Report(
        file=member.place.file,
        member=member.name,
        format=layout.format,
        encoding=layout.encoding,
        station_id=metadata.get("station_id", (0, None))[1],
        station_name=metadata.get("name", (0, None))[1],
        station_source="file" if "station_id" in metadata else None,
        first_hour=_day(lines[0]) if lines else None,
        last_hour=_day(lines[-1]) if lines else None,
        rows=len(lines),
    )


def _day(line: bytes) -> datetime | None:
    """The day of a row of daily values."""
    try:
        return datetime.strptime(line[:10].decode(), "%Y-%m-%d")  # noqa: DTZ007 - a UTC day
    except ValueError:
        return None
