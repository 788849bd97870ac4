"""Looking at a file without storing it anywhere: `inmet inspect`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers.layout import HOURLY_FORMATS, detect_layout
from inmet_platform.inmet.readers.members import Member, members
from inmet_platform.inmet.readers.observations import read_observations
from inmet_platform.inmet.readers.report import Report
from inmet_platform.inmet.readers.station import parse_metadata
from inmet_platform.inmet.readers.text import require_csv_text


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
                inspection.reports.append(_report(member, station_id))
            except UnreadableFile as refusal:
                inspection.refusals.append(refusal)
    except UnreadableFile as refusal:  # the zip itself
        inspection.refusals.append(refusal)
    return inspection


def _report(member: Member, station_id: str | None) -> Report:
    data, place = member.read(), member.place
    require_csv_text(data, place)
    layout = detect_layout(data, place)
    file = place.file
    if layout.format in HOURLY_FORMATS:
        return read_observations(data, file=file, member=member.name, station_id=station_id).report
    lines = [line for line in data[layout.data_offset :].split(b"\n") if line.strip(b"; \r")]
    metadata = parse_metadata(layout.metadata)
    return Report(
        file=file,
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
