"""A part of the clean data for people: some stations, a period, as CSV or Parquet.

Reads the Parquet files of the last export, by year, and nothing of the warehouse. The columns
and the text of a number are those of `inmet_clean.csv`; rows are sorted by station and time.
"""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import duckdb

from inmet_platform.config.scratch import remove_dead_scratch, scratch_folder
from inmet_platform.errors import ExportError
from inmet_platform.results.bounded_duckdb import bounded_connection
from inmet_platform.results.csv_file import select_text
from inmet_platform.results.manifest import CLEAN_SCHEMA
from inmet_platform.results.result_files import is_whole_parquet
from inmet_platform.results.selection import Selection

Format = Literal["csv", "parquet"]

_COPY_OPTIONS = {
    "csv": "FORMAT csv, HEADER true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'",
    "parquet": "FORMAT parquet, COMPRESSION zstd",
}
SCRATCH = ".inmet-"
_ELSEWHERE = "Write it somewhere else."


@dataclass(frozen=True)
class Extract:
    """How much was written, and which of the stations have no hour in the period."""

    rows: int
    stations: int
    absent: tuple[str, ...]


def format_of(target: Path | None, asked: Format | None) -> Format:
    """The format asked for, else the one of the file's ending, CSV without a file.

    Raises:
        ExportError: Parquet without a file, or an ending that says nothing.
    """
    if target is None:
        if asked == "parquet":
            raise ExportError(
                "Parquet needs a file to be written to.", remedy="Name one: x.parquet"
            )
        return "csv"
    if asked:
        return asked
    endings: dict[str, Format] = {".csv": "csv", ".parquet": "parquet", ".pq": "parquet"}
    if target.suffix.lower() not in endings:
        raise ExportError(
            f"{target}: expected an ending .csv or .parquet; found {target.suffix or 'none'}.",
            remedy="Or say which with --format.",
        )
    return endings[target.suffix.lower()]


def extract(folder: Path, selection: Selection, form: Format, target: Path | BinaryIO) -> Extract:
    """Write a part of the clean data; a file is replaced only by a whole one.

    Args:
        folder: holds `<year>.parquet`.
        selection: what is asked for.
        form: of the file.
        target: a file, or a stream; nothing is written to a stream before everything is found.

    Raises:
        ExportError: nothing is exported yet, a station is unknown, the part has no hour, or the
            file cannot be written.
    """
    files = exported_files(folder)
    if isinstance(target, Path):
        _check_target(target, folder)
    try:
        where = target.parent if isinstance(target, Path) else None
        remove_dead_scratch(SCRATCH, where)
        with scratch_folder(SCRATCH, where) as scratch:
            whole = scratch / "whole"
            extracted = _write(files, selection, form, whole)
            if isinstance(target, Path):
                whole.replace(target)
            else:
                with whole.open("rb") as stream:
                    shutil.copyfileobj(stream, target, 1 << 20)
    except BrokenPipeError:
        raise  # the reader has closed the pipe
    except (OSError, duckdb.IOException) as error:
        name = target if isinstance(target, Path) else "the answer"
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise ExportError(f"{name} cannot be written: {why}.", remedy=_ELSEWHERE) from error
    return extracted


def exported_files(folder: Path) -> dict[int, Path]:
    """The files of the last export by year, the oldest first.

    Args:
        folder: holds `<year>.parquet`.

    Raises:
        ExportError: there is none.
    """
    files = {int(path.stem): path for path in folder.glob("*.parquet") if path.stem.isdigit()}
    if not files:
        raise ExportError(
            f"Nothing is exported yet: {folder} holds no <year>.parquet.",
            remedy="Bring files in first: inmet run FILE…",
        )
    return dict(sorted(files.items()))


def require_whole(paths: Iterable[Path]) -> None:
    """Raise `ExportError` for a file that was cut off."""
    damaged = [path for path in paths if path.exists() and not is_whole_parquet(path)]
    if damaged:
        raise ExportError(
            f"{damaged[0]} is damaged: it does not begin and end as a Parquet file does.",
            remedy="The next run that exports writes it again: `inmet run` with any file, or "
            "materialize inmet_clean_csv.",
        )


def _check_target(target: Path, folder: Path) -> None:
    problem = ""
    if not target.parent.is_dir():
        problem = f"there is no folder {target.parent}"
    elif target.exists() and not target.is_file():
        problem = "it is there, and no file"
    elif target.resolve().parent == folder.resolve():
        problem = "its folder belongs to the platform's own files"
    elif target.resolve() == folder.resolve().with_suffix(".csv"):
        problem = "it is the platform's own CSV of everything"
    if problem:
        raise ExportError(f"{target} cannot be written: {problem}.", remedy=_ELSEWHERE)


def _write(files: dict[int, Path], selection: Selection, form: Format, target: Path) -> Extract:
    needed = [path for year, path in files.items() if selection.needs(year)]
    require_whole(needed)
    with bounded_connection(target.with_name("spill")) as connection:
        rows, held = _held(connection, needed, selection)
        absent = [code for code in selection.stations if code not in held]
        if absent:
            _check_stations(connection, list(files.values()), absent)
        if not rows:
            raise _nothing(connection, list(files.values()), selection)
        columns = select_text(CLEAN_SCHEMA) if form == "csv" else ", ".join(CLEAN_SCHEMA.names)
        connection.execute(
            f"COPY (SELECT {columns} FROM {_rows(needed, selection)} "  # noqa: S608 - checked above
            f"ORDER BY station_id, observed_at) TO {_literal(target)} ({_COPY_OPTIONS[form]})"
        )
    return Extract(rows, len(held), tuple(absent))


def _held(
    connection: duckdb.DuckDBPyConnection, files: list[Path], selection: Selection
) -> tuple[int, set[str]]:
    """The rows of the selection, and its stations."""
    if not files:
        return 0, set()
    counts = connection.execute(
        f"SELECT station_id, COUNT(*) FROM {_rows(files, selection)} GROUP BY 1"  # noqa: S608
    ).fetchall()
    return sum(count for _, count in counts), {code for code, _ in counts}


def _check_stations(
    connection: duckdb.DuckDBPyConnection, files: list[Path], absent: list[str]
) -> None:
    """Whether stations without an hour in the period are there in another.

    Raises:
        ExportError: one is not; with those that look like it.
    """
    known = [
        code
        for (code,) in connection.execute(
            f"SELECT DISTINCT station_id FROM {_rows(files, Selection())} ORDER BY 1"  # noqa: S608
        ).fetchall()
    ]
    unknown = [code for code in absent if code not in known]
    if unknown:
        near = difflib.get_close_matches(unknown[0], known, n=3)
        hint = f"Near it: {', '.join(near)}." if near else f"Such as {', '.join(known[:3])}."
        raise ExportError(
            f"--station: expected one of the {len(known)} stations of the clean data; "
            f"found {', '.join(unknown)}.",
            remedy=hint,
        )


def _nothing(
    connection: duckdb.DuckDBPyConnection, files: list[Path], selection: Selection
) -> ExportError:
    anywhen = _rows(files, Selection(selection.stations))
    [(first, last)] = connection.execute(
        f"SELECT MIN(observed_at), MAX(observed_at) FROM {anywhen}"  # noqa: S608
    ).fetchall()
    whose = f" of {', '.join(selection.stations)}" if selection.stations else ""
    return ExportError(
        f"There is no hour{whose}{selection.period}.",
        remedy=f"The clean data{whose} go from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}.",
    )


def _rows(files: list[Path], selection: Selection) -> str:
    """What stands behind FROM; the conditions skip whole pieces of the files."""
    wanted = []
    if selection.stations:
        wanted.append(f"station_id IN ({', '.join(_literal(code) for code in selection.stations)})")
    if selection.first:
        wanted.append(f"observed_at >= {_literal(selection.first)}::TIMESTAMP")
    if selection.last:
        wanted.append(f"observed_at <= {_literal(selection.last)}::TIMESTAMP")
    names = ", ".join(_literal(path) for path in files)
    return f"read_parquet([{names}])" + (f" WHERE {' AND '.join(wanted)}" if wanted else "")


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
