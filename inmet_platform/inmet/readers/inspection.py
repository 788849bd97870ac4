"""Looking at a file without bringing it anywhere: `inmet inspect`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers.members import members
from inmet_platform.inmet.readers.observations import read_observations
from inmet_platform.inmet.readers.other import report_of_other
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
                    "file": refusal.place.file,
                    "member": refusal.place.member,
                    "line": refusal.place.line,
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
    file = name or path.name
    try:
        for member in members(path, file=file):
            try:
                data = member.read()
                other = report_of_other(data, file=file, member=member.name)
                inspection.reports.append(
                    other
                    or read_observations(
                        data, file=file, member=member.name, station_id=station_id
                    ).report
                )
            except UnreadableFile as refusal:
                inspection.refusals.append(refusal)
    except UnreadableFile as refusal:  # the zip itself
        inspection.refusals.append(refusal)
    return inspection
