"""Looking at a file without storing it anywhere: `inmet inspect`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers.members import Member, members
from inmet_platform.inmet.readers.observations import read_stations
from inmet_platform.inmet.readers.report import Report


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
    found = read_stations(data, file=place.file, member=member.name, station_id=station_id)
    reports = [reading.report for reading in found]
    if reports[0].format != "catalogue":
        return reports
    whole = replace(reports[0], station_id=None, station_name=None, station_source=None)
    told = (f"{it.station_id}: {told}" for it in reports for told in it.repairs)
    return [replace(whole, rows=len(reports), observations=len(reports), repairs=tuple(told))]
