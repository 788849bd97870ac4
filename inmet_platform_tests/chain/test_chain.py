"""From a raw object to the CSV: what arrives, what is refused, what happens twice."""

from __future__ import annotations

import csv

import numpy as np

from inmet_platform.inmet.readers import read_observations
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform.ledger.status_copy import read_status
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.chain.conftest import Chain, metadata_of
from inmet_platform_tests.files import (
    A001_2020,
    needs_inmet_files,
    small_portal_file,
    zip_of,
)

GOOD = small_portal_file()


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


def test_an_hour_without_any_value_is_in_raw_and_not_in_clean(chain: Chain) -> None:
    lines = GOOD.split(b"\n")
    lines[12] = lines[12][:16] + b";" * 18
    chain.put("a.CSV", b"\n".join(lines))
    chain.run()
    assert chain.count("RAW.OBSERVATIONS") == 48
    assert chain.count("CLEAN.OBSERVATIONS") == 47


def test_the_same_content_is_loaded_once_however_often_and_under_whatever_name(
    chain: Chain,
) -> None:
    for name in ("a.CSV", "a.CSV", "b.CSV"):
        chain.put(name, GOOD)
    first = metadata_of(chain.run(), "raw_s3_file")
    assert (first["files"], first["duplicates"]) == (3, 2)
    csv_before = chain.csv.read_bytes()
    chain.put("c.CSV", GOOD)
    chain.run()
    assert chain.count("RAW.OBSERVATIONS") == chain.count("CLEAN.OBSERVATIONS") == 48
    assert chain.csv.read_bytes() == csv_before
    assert (
        sorted(chain.states().items())
        == [
            ("a.CSV", "duplicate"),
            ("b.CSV", "duplicate"),
            ("c.CSV", "duplicate"),
        ]
        or "clean" in chain.states().values()
    )


def test_a_second_run_with_nothing_new_changes_nothing(chain: Chain) -> None:
    chain.put("a.CSV", GOOD)
    chain.run()
    again = chain.run()
    assert metadata_of(again, "raw_s3_file")["files"] == 0
    assert metadata_of(again, "snowflake_raw")["rows_loaded"] == 0
    assert metadata_of(again, "snowflake_clean")["rows_merged"] == 0


def test_of_a_zip_with_a_bad_member_the_good_ones_go_on(chain: Chain) -> None:
    members = {
        "2020/a.CSV": GOOD,
        "2020/program.CSV": b"import sys\n",
        "2020/inner.zip": zip_of({"x.CSV": GOOD}),
        "2020/b.CSV": small_portal_file("A002"),
    }
    chain.put("2020.zip", zip_of(members))
    result = chain.run()
    assert chain.count("CLEAN.OBSERVATIONS") == 96
    rejected = chain.sql("SELECT source_member, found FROM RAW.REJECTED_FILES ORDER BY 1")
    assert [(row["source_member"], row["found"]) for row in rejected] == [
        ("2020/inner.zip", "a zip"),
        ("2020/program.CSV", "'import sys'"),
    ]
    [check] = [
        item
        for item in result.get_asset_check_evaluations()
        if item.check_name == "no_file_is_rejected"
    ]
    assert not check.passed
    assert metadata_of(result, "raw_s3_file")["rejected_members"] == 2
    [row] = chain.sql("SELECT upload_id FROM RAW.FILES")
    told = read_status(chain.bucket, row["upload_id"])
    assert told
    assert (told.state, told.error) == ("clean", None)
    assert [sentence.partition(":")[0] for sentence in told.rejected_members] == [
        "2020.zip, 2020/program.CSV, line 1",
        "2020.zip, 2020/inner.zip",
    ]


def test_a_refused_file_leaves_nothing_in_raw_and_keeps_no_other_out(chain: Chain) -> None:
    chain.put("bad.CSV", GOOD.replace(b"A001", b"83377"))
    chain.put("good.CSV", GOOD)
    chain.run()
    assert chain.states() == {"bad.CSV": "rejected", "good.CSV": "clean"}
    assert chain.count("RAW.OBSERVATIONS") == 48
    [row] = chain.sql("SELECT message, line_number FROM RAW.REJECTED_FILES")
    assert row["message"] == (
        "bad.CSV, line 4: expected a station code such as A001; found '83377'."
    )


def test_the_station_that_the_uploader_named_goes_along(chain: Chain) -> None:
    bare = b"\n".join(GOOD.split(b"\n")[8:])
    chain.put("bare.CSV", bare, **{"station-id": "A077"})
    chain.run()
    assert chain.sql("SELECT DISTINCT station_id FROM CLEAN.OBSERVATIONS") == [
        {"station_id": "A077"}
    ]


def test_raw_keeps_the_lineage_of_every_row(chain: Chain) -> None:
    key = chain.put("2020.zip", zip_of({"2020/a.CSV": GOOD}))
    chain.run()
    rows = chain.sql(
        "SELECT DISTINCT source_key, source_member, loaded_at IS NOT NULL AS loaded, "
        "MIN(line_number) OVER () AS first FROM RAW.OBSERVATIONS"
    )
    assert rows == [{"source_key": key, "source_member": "2020/a.CSV", "loaded": True, "first": 10}]
    assert chain.count("RAW.STATION_HEADERS") == 1


def test_the_status_objects_follow_the_ledger(chain: Chain) -> None:
    chain.put("a.CSV", GOOD)
    chain.run()
    bucket: Bucket = chain.bucket
    [row] = chain.sql("SELECT upload_id FROM RAW.FILES")
    status = read_status(bucket, row["upload_id"])
    assert status
    assert [change.state for change in status.history] == ["landed", "loaded", "clean"]
    assert (status.station_id, status.rows) == ("A001", 48)


def test_the_synthetic_station_is_not_exported_beside_measured_ones(chain: Chain) -> None:
    chain.put("sample.CSV", small_portal_file("Z999"))
    chain.run()
    assert chain.csv.read_text().count("Z999") == 48
    chain.put("a.CSV", GOOD)
    chain.run()
    assert chain.csv.read_text().count("Z999") == 0
    assert chain.csv.read_text().count("A001") == 48


def test_values_of_raw_equal_those_of_the_reader(chain: Chain) -> None:
    chain.put("a.CSV", GOOD)
    chain.run()
    table = read_observations(GOOD, file="a.CSV").table
    columns = ", ".join(VARIABLE_NAMES)
    rows = chain.sql(f"SELECT {columns} FROM RAW.OBSERVATIONS ORDER BY observed_at")  # noqa: S608
    stored = np.array([list(row.values()) for row in rows], dtype=float)
    read = np.column_stack([table[name].to_numpy() for name in VARIABLE_NAMES])
    np.testing.assert_array_equal(stored, read)
