"""A workbook as CSV, in a process of its own: `python -m inmet_platform.inmet.readers.workbook`.

The library reads any workbook into memory at once. A small file can claim a sheet of terabytes, and
the process that believes it dies; so it is not the one that serves others.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook

# Some twenty times a station's whole history.
LARGEST_MEMORY_BYTES = 4_000_000_000
_TABLE_ROWS, _TABLE_COLUMNS = 2, 2


def csv_of(rows: Iterable[Iterable[Any]]) -> str:
    """Cells as CSV: numbers with a point, times as 2020-01-31 15:00."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_text(it) for it in row] for row in rows)
    return text.getvalue()


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell)
        case float():
            return repr(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            # A workbook counts days: an hour is a fraction, which was rounded.
            at = cell + timedelta(seconds=30)
            return f"{at:%Y-%m-%d}" if (at.hour, at.minute) == (0, 0) else f"{at:%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case time():
            return _text(datetime.combine(date(2000, 1, 1), cell)).partition(" ")[2] or "00:00"
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case _:
            return str(cell)


def main() -> None:
    """Read a workbook from standard input; write its first table, and the names of the sheets."""
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY_BYTES, LARGEST_MEMORY_BYTES))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    tables = {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}
    named = [name for name, rows in tables.items() if _is_table(rows)] or list(tables)
    first = named[0]
    others = [name for name in named[1:] if tables[name]]
    json.dump({"sheet": first, "others": others, "csv": csv_of(tables[first])}, sys.stdout)


def _is_table(rows: list[list[Any]]) -> bool:
    return len(rows) >= _TABLE_ROWS and len(rows[-1]) >= _TABLE_COLUMNS


if __name__ == "__main__":
    main()
