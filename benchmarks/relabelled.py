"""A yearly zip with another year written on it: for growth over years there is only one of."""

from __future__ import annotations

import calendar
import re
import zipfile
from pathlib import Path


def relabelled(archive: Path, year: int, target: Path) -> Path:
    """The zip of a leap year as if it were of `year`; without 29 February unless it has one."""
    of_year = int(archive.stem)
    old, new = f"{of_year}/".encode(), f"{year}/".encode()
    leap_day = re.compile(rb"^%d/02/29;.*\n" % of_year, re.MULTILINE)
    with (
        zipfile.ZipFile(archive) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
    ):
        for entry in source.infolist():
            data = source.read(entry)
            if not calendar.isleap(year):
                data = leap_day.sub(b"", data)
            name = entry.filename.replace(f"-{of_year}", f"-{year}")
            info = zipfile.ZipInfo(name, (year + 1, *entry.date_time[1:]))
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, re.sub(b"^" + old, new, data, flags=re.MULTILINE))
    return target
