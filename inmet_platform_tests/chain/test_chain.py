"""From a raw object to the CSV: what arrives, what is refused, what happens twice."""

from __future__ import annotations

import csv

import dagster as dg
import httpx
import numpy as np
import pytest

from inmet_platform.inmet.readers import read_observations
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform.ledger.status_copy import read_status
from inmet_platform_tests.chain.chain import Chain, checks_of, metadata_of
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import A001_2020, small_portal_file, zip_of
from inmet_platform_tests.needs import needs_inmet_files

GOOD = small_portal_file()
MEMBERS = {
    "2020/a.CSV": small_portal_file("A021"),
    "2020/program.CSV": b"import sys\n",
    "2020/inner.zip": zip_of({"x.CSV": GOOD}),
    "2020/b.CSV": small_portal_file("A022"),
}


def _with_an_empty_hour() -> bytes:
    lines = small_portal_file("A011").split(b"\n")
    lines[12] = lines[12][:16] + b";" * 18
    return b"\n".join(lines)


class Brought(Chain):
    """A chain that has run once with many files, its run, and their keys."""

    run_of_all: dg.ExecuteInProcessResult
    read: dict[str, int]
    keys: dict[str, str]

    def of(self, table: str, station_id: str) -> int:
        return self.count(f"{table} WHERE station_id = '{station_id}'")

    def upload_id(self, name: str) -> str:
        [row] = self.sql(f"SELECT upload_id FROM RAW.FILES WHERE file_name = '{name}'")  # noqa: S608
        return str(row["upload_id"])


@pytest.fixture(scope="module")
def brought(embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    folder = tmp_path_factory.mktemp("brought")
    made = Brought(embedded_cloud.loaders_tenant(folder / "home"), folder)
    bare = b"\n".join(GOOD.split(b"\n")[8:])
    made.keys = {
        "a.CSV": made.put("a.CSV", GOOD),
        "hour.CSV": made.put("hour.CSV", _with_an_empty_hour()),
        "2020.zip": made.put("2020.zip", zip_of(MEMBERS)),
        "bad.CSV": made.put("bad.CSV", GOOD.replace(b"A001", b"83377")),
        "bare.CSV": made.put("bare.CSV", bare, **{"station-id": "A077"}),
    }
    before = statements_read(embedded_cloud)
    made.run_of_all = made.run()
    after = statements_read(embedded_cloud)
    made.read = {name: after[name] - before[name] for name in after}
    return made


def statements_read(cloud: EmbeddedCloud) -> dict[str, int]:
    """What the endpoint counts: statements that it was sent, different ones, refused ones."""
    port = cloud.settings.snowflake_port
    counts: dict[str, int] = httpx.get(f"http://127.0.0.1:{port}/health").json()["statements"]
    return counts


def test_every_statement_of_a_whole_run_is_read_and_none_is_refused(brought: Brought) -> None:
    assert brought.read["sent"] > 60
    assert brought.read["refused"] == 0


def test_an_hour_without_any_value_is_in_raw_and_not_in_clean(brought: Brought) -> None:
    assert brought.of("RAW.OBSERVATIONS", "A011") == 48
    assert brought.of("CLEAN.OBSERVATIONS", "A011") == 47


def test_of_a_zip_with_a_bad_member_the_good_ones_go_on(brought: Brought) -> None:
    for station_id in ("A021", "A022"):
        assert brought.of("CLEAN.OBSERVATIONS", station_id) == 48
    rejected = brought.sql(
        "SELECT source_member, found FROM RAW.REJECTED_FILES "
        "WHERE source_member IS NOT NULL ORDER BY 1"
    )
    assert [(row["source_member"], row["found"]) for row in rejected] == [
        ("2020/inner.zip", "a zip"),
        ("2020/program.CSV", "'import sys'"),
    ]
    assert not checks_of(brought.run_of_all)["no_file_is_rejected"].passed
    assert metadata_of(brought.run_of_all, "raw_s3_file")["rejected_members"] == 2
    told = read_status(brought.bucket, brought.upload_id("2020.zip"))
    assert told
    assert (told.state, told.error) == ("clean", None)
    assert [sentence.partition(":")[0] for sentence in told.rejected_members] == [
        "2020.zip, 2020/program.CSV, line 1",
        "2020.zip, 2020/inner.zip",
    ]


def test_a_refused_file_leaves_nothing_in_raw_and_keeps_no_other_out(brought: Brought) -> None:
    states = brought.states()
    assert states.pop("bad.CSV") == "rejected"
    assert set(states.values()) == {"clean"}
    assert brought.of("RAW.OBSERVATIONS", "83377") == 0
    [row] = brought.sql(
        "SELECT message, line_number FROM RAW.REJECTED_FILES WHERE source_member IS NULL"
    )
    assert row["message"] == (
        "bad.CSV, line 4: expected a station code such as A001; found '83377'. Hours of "
        "conventional stations are not taken; BDMEP's days and months are."
    )


def test_the_station_that_the_uploader_named_goes_along(brought: Brought) -> None:
    assert brought.of("CLEAN.OBSERVATIONS", "A077") == 48


def test_raw_keeps_the_lineage_of_every_row(brought: Brought) -> None:
    rows = brought.sql(
        "SELECT DISTINCT source_key, source_member, loaded_at IS NOT NULL AS loaded, "
        "MIN(line_number) OVER () AS first FROM RAW.OBSERVATIONS WHERE station_id = 'A021'"
    )
    key = brought.keys["2020.zip"]
    assert rows == [{"source_key": key, "source_member": "2020/a.CSV", "loaded": True, "first": 10}]
    assert brought.of("RAW.STATION_HEADERS", "A021") == 1


def test_the_status_objects_follow_the_ledger(brought: Brought) -> None:
    status = read_status(brought.bucket, brought.upload_id("a.CSV"))
    assert status
    assert [change.state for change in status.history] == ["landed", "loaded", "clean"]
    assert (status.station_id, status.rows) == ("A001", 48)


def test_values_of_raw_equal_those_of_the_reader(brought: Brought) -> None:
    table = read_observations(GOOD, file="a.CSV").table
    columns = ", ".join(VARIABLE_NAMES)
    rows = brought.sql(
        f"SELECT {columns} FROM RAW.OBSERVATIONS "  # noqa: S608
        "WHERE station_id = 'A001' ORDER BY observed_at"
    )
    stored = np.array([list(row.values()) for row in rows], dtype=float)
    read = np.column_stack([table[name].to_numpy() for name in VARIABLE_NAMES])
    np.testing.assert_array_equal(stored, read)


def test_a_second_run_with_nothing_new_changes_nothing(brought: Brought) -> None:
    again = brought.run()
    assert metadata_of(again, "raw_s3_file")["files"] == 0
    assert metadata_of(again, "snowflake_raw")["rows_loaded"] == 0
    assert metadata_of(again, "snowflake_clean")["rows_merged"] == 0


@needs_inmet_files
def test_the_csv_holds_exactly_the_hours_with_a_value_each_as_in_the_file(chain: Chain) -> None:
    data = A001_2020.read_bytes()
    chain.put(A001_2020.name, data)
    chain.run()
    with chain.csv.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    lines = [line.split(";") for line in data.decode("latin-1").splitlines()[9:]]
    expected = {
        f"{cells[0].replace('/', '-')}T{cells[1][:2]}:00:00Z": [
            float(cell.replace(",", ".")) if cell else None for cell in cells[2:19]
        ]
        for cells in lines
        if any(cells[2:19])
    }
    found = {
        row["observed_at"]: [float(row[name]) if row[name] else None for name in VARIABLE_NAMES]
        for row in rows
    }
    assert found == expected
    assert [row["observed_at"] for row in rows] == sorted(expected)
    assert chain.count("RAW.OBSERVATIONS") == len(lines) == 8784
    assert chain.count("CLEAN.OBSERVATIONS") == len(expected) == 8784


def test_the_same_content_is_loaded_once_however_often_and_under_whatever_name(
    chain: Chain,
) -> None:
    for name in ("a.CSV", "a.CSV", "b.CSV"):
        chain.put(name, GOOD)
    first = metadata_of(chain.run(), "raw_s3_file")
    assert (first["files"], first["duplicates"]) == (3, 2)
    csv_before = chain.csv.read_bytes()
    chain.put("c.CSV", GOOD)
    chain.bring()
    assert chain.count("RAW.OBSERVATIONS") == chain.count("CLEAN.OBSERVATIONS") == 48
    assert chain.csv.read_bytes() == csv_before
    states = [row["state"] for row in chain.sql("SELECT state FROM RAW.FILES ORDER BY state")]
    assert states == ["clean", *["duplicate"] * 3]


def test_the_synthetic_station_is_not_exported_beside_measured_ones(chain: Chain) -> None:
    chain.put("sample.CSV", small_portal_file("Z999"))
    chain.bring()
    assert chain.csv.read_text().count("Z999") == 48
    chain.put("a.CSV", GOOD)
    chain.bring()
    assert chain.csv.read_text().count("Z999") == 0
    assert chain.csv.read_text().count("A001") == 48
