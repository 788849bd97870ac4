"""A part of the clean data, from made Parquet files: what is in it, and what is refused how."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from inmet_platform.command.cli import app
from inmet_platform.errors import ExportError
from inmet_platform.results.extract import extract, format_of
from inmet_platform.results.manifest import CLEAN_SCHEMA
from inmet_platform.results.selection import Selection, selection_of
from inmet_platform_tests.embedded import write_home

_TYPES = {field.name: field.type for field in CLEAN_SCHEMA}


_at = datetime.fromisoformat


def _rows(station: str, first: datetime, hours: int) -> list[dict[str, object]]:
    blank = dict.fromkeys(CLEAN_SCHEMA.names)
    return [
        blank
        | {
            "station_id": station,
            "observed_at": first + timedelta(hours=hour),
            "temperature_c": hour / 10,
            "temperature_flag": 1,
            "qc_tests": 0,
        }
        for hour in range(hours)
    ]


def _write(folder: Path, year: int, rows: list[dict[str, object]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, CLEAN_SCHEMA), folder / f"{year}.parquet")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two stations in two years, a third in the first year alone."""
    folder = tmp_path / "data" / "processed" / "inmet_clean"
    for year, stations in {2023: ["A001", "A007", "B806"], 2024: ["A001", "A007"]}.items():
        _write(folder, year, [r for s in stations for r in _rows(s, _at(f"{year}-01-01"), 72)])
    return folder


@pytest.fixture
def command(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable:  # type: ignore[type-arg]
    write_home(tmp_path)
    monkeypatch.setenv("INMET_HOME", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(app, ["export", *map(str, arguments)])


def _read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_everything_is_sorted_by_station_and_time_across_years(folder: Path) -> None:
    stream = io.BytesIO()
    written = extract(folder, Selection(), "csv", stream)
    rows = _read(stream.getvalue().decode())
    keys = [(row["station_id"], row["observed_at"]) for row in rows]
    assert keys == sorted(keys)
    assert (written.rows, written.stations, len(rows)) == (360, 3, 360)
    assert list(rows[0]) == CLEAN_SCHEMA.names
    assert rows[1]["observed_at"] == "2023-01-01T01:00:00Z"
    assert (rows[1]["temperature_c"], rows[1]["humidity_pct"]) == ("0.1", "")


def test_a_day_is_its_labels_from_00_to_23(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "day.parquet"
    written = extract(folder, selection_of(["a001"], "2024-01-02", "2024-01-02"), "parquet", target)
    table = pq.read_table(target)
    assert dict(zip(table.schema.names, table.schema.types, strict=True)) == _TYPES
    assert written.rows == 24
    assert table["observed_at"].to_pylist() == [_at(f"2024-01-02T{hour:02}") for hour in range(24)]


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2024-01-02T05:00", "2024-01-02T07:00", 3),
        ("2024-01-02T05:00Z", "2024-01-02T05:00:00+00:00", 1),
        ("2024-01-02T02:00-03:00", "2024-01-02T07:00", 3),
        ("2023-12-31", "2024-01-01", 24),
        (None, "2023-01-01T00:00", 1),
        ("2024-01-03T23:00", None, 1),
    ],
)
def test_times_are_taken_as_they_are_and_both_ends_belong_to_the_period(
    folder: Path, since: str | None, until: str | None, hours: int
) -> None:
    part = selection_of(["A001"], since, until)
    assert extract(folder, part, "csv", io.BytesIO()).rows == hours


def test_only_the_files_of_the_years_needed_are_read(folder: Path) -> None:
    (folder / "2023.parquet").write_bytes(b"no Parquet")
    assert extract(folder, selection_of([], "2024-01-01", None), "csv", io.BytesIO()).rows == 144


def test_a_station_without_hours_in_the_period_is_named(folder: Path) -> None:
    part = selection_of(["A001", "B806"], "2024-01-01", None)
    written = extract(folder, part, "csv", io.BytesIO())
    assert (written.rows, written.stations, written.absent) == (72, 1, ("B806",))


@pytest.mark.parametrize(
    ("stations", "since", "until", "sentence"),
    [
        (["A008"], None, None, "expected one of the 3 stations of the clean data; found A008. "
         "Near it: A007, A001."),
        (["Z123"], "2030-01-01", None, "found Z123."),
        (["B806"], "2024-01-01", None, "There is no hour of B806 from 2024-01-01 00:00. The clean "
         "data of B806 go from 2023-01-01 00:00 to 2023-01-03 23:00."),
        ([], "1999-01-01", "1999-12-31", "There is no hour from 1999-01-01 00:00 to "
         "1999-12-31 23:00. The clean data go from"),
        ([], "2024-02-01", "2024-01-31", "begins after its end: --from 2024-02-01, --to"),
        ([], "31/01/2024", None, "--from: expected a date such as 2024-01-31 or a time"),
        ([], None, "0001-01-01T00:00+05:00", "--to: expected a date"),
    ],
    ids=["unknown", "unknown anywhen", "not then", "never", "reversed", "no date", "overflow"],
)  # fmt: skip
def test_what_is_not_there_is_told_with_what_is(
    folder: Path, stations: list[str], since: str | None, until: str | None, sentence: str
) -> None:
    with pytest.raises(ExportError) as caught:
        extract(folder, selection_of(stations, since, until), "csv", io.BytesIO())
    assert sentence in str(caught.value)


def test_nothing_exported_yet_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"Nothing is exported yet.*inmet run"):
        extract(tmp_path, Selection(), "csv", io.BytesIO())


def test_a_file_is_replaced_only_by_a_whole_one(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "it's.csv"
    target.write_text("before")
    with pytest.raises(ExportError):
        extract(folder, selection_of([], "2030-01-01", None), "csv", target)
    assert target.read_text() == "before"
    extract(folder, selection_of(["A001"], None, None), "csv", target)
    assert len(_read(target.read_text())) == 144
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "it's.csv"]


def test_a_file_that_cannot_be_written_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    for target, why in {
        tmp_path / "none" / "a.csv": "there is no folder",
        Path("/proc/a.csv"): "No such file or directory",
        tmp_path: "it is there, and no file",
        folder / "2024.parquet": "its folder belongs to the platform",
        folder.with_suffix(".csv"): "the platform's own CSV",
    }.items():
        with pytest.raises(ExportError, match=why):
            extract(folder, Selection(), "csv", target)


def test_the_format_follows_from_the_files_ending() -> None:
    assert format_of(Path("a.CSV"), None) == format_of(None, None) == "csv"
    assert format_of(Path("a.parquet"), None) == format_of(Path("a"), "parquet") == "parquet"
    with pytest.raises(ExportError, match=r"\.csv or \.parquet; found \.xlsx"):
        format_of(Path("a.xlsx"), None)
    with pytest.raises(ExportError, match="Parquet needs a file"):
        format_of(None, "parquet")


def test_the_command_writes_csv_to_stdout_and_its_counts_to_stderr(
    command: Callable,  # type: ignore[type-arg]
) -> None:
    told = command("--station", "A001", "--station", "B806", "--from", "2024-01-01")
    assert told.exit_code == 0, told.output
    assert {row["station_id"] for row in _read(told.stdout)} == {"A001"}
    assert len(_read(told.stdout)) == 72
    assert told.stderr == "72 hours of 1 station(s)\nnone from 2024-01-01 00:00 of B806\n"


def test_the_command_writes_parquet_by_the_ending(command: Callable, tmp_path: Path) -> None:  # type: ignore[type-arg]
    target = tmp_path / "part.parquet"
    assert command(target, "--to", "2023-12-31").exit_code == 0
    assert pq.read_metadata(target).num_rows == 216


def test_the_help_shows_an_example_and_what_a_day_is(command: Callable) -> None:  # type: ignore[type-arg]
    told = " ".join(command("--help").stdout.replace("│", " ").split())
    assert "Example: inmet export a001.csv" in told
    assert "D 00:00 to D 23:00" in told
