"""CLEAN to files: CSV and Parquet hold the same rows, and only what changed is written."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from inmet_platform.results.manifest import CLEAN_SCHEMA, read_manifest
from inmet_platform_tests.chain.conftest import Chain, metadata_of
from inmet_platform_tests.files import small_portal_file, zip_of


def _year(code: str, year: int, hours: int = 30) -> bytes:
    return small_portal_file(code, first=f"{year}-03-01T00", hours=hours, seed=year)


@pytest.fixture
def three_years(chain: Chain) -> Chain:
    files = {
        f"{code}_{year}.CSV": _year(code, year)
        for year in (2021, 2019, 2020)
        for code in ("A007", "A003")
    }
    chain.put("years.zip", zip_of(files))
    chain.run()
    return chain


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _as_parquet(chain: Chain) -> list[dict[str, object]]:
    years = sorted(read_manifest(chain.files))
    return [row for year in years for row in pq.read_table(chain.files.parquet(year)).to_pylist()]


def test_csv_and_parquet_hold_the_rows_of_clean_sorted_by_year_station_and_time(
    three_years: Chain,
) -> None:
    rows, table = _rows(three_years.csv), _as_parquet(three_years)
    keys = [(row["observed_at"][:4], row["station_id"], row["observed_at"]) for row in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == three_years.count("CLEAN.OBSERVATIONS") == 180
    assert list(rows[0]) == CLEAN_SCHEMA.names
    for text, typed in zip(rows, table, strict=True):
        assert text["observed_at"] == f"{typed['observed_at']:%Y-%m-%dT%H:%M:%SZ}"
        for name in CLEAN_SCHEMA.names[2:]:
            assert (float(text[name]) if text[name] else None) == typed[name]


def test_an_empty_warehouse_takes_no_file_away_and_the_check_tells(three_years: Chain) -> None:
    """As after `make clean` and `make up`: the first run of a sensor finds nothing."""
    before = three_years.csv.read_bytes()
    three_years.sql("DELETE FROM CLEAN.OBSERVATIONS")
    result = three_years.run()
    assert three_years.csv.read_bytes() == before
    assert metadata_of(result, "inmet_clean_csv")["dagster/row_count"] == 180
    assert three_years.files.parquet(2019).exists()
    [check] = [
        item
        for item in result.get_asset_check_evaluations()
        if item.check_name == "files_hold_every_clean_row"
    ]
    assert not check.passed


def test_only_the_year_that_changed_is_written(three_years: Chain) -> None:
    csv_before = three_years.csv.read_bytes()
    stamps = {year: three_years.files.parquet(year).stat().st_mtime_ns for year in (2019, 2021)}
    three_years.put("new.CSV", _year("A005", 2020))
    written = metadata_of(three_years.run(), "inmet_clean_csv")
    assert written["years_written"] == "2020"
    assert stamps == {
        year: three_years.files.parquet(year).stat().st_mtime_ns for year in (2019, 2021)
    }
    without_new = b"".join(
        line for line in three_years.csv.read_bytes().splitlines(True) if b"A005," not in line
    )
    assert without_new == csv_before
    again = metadata_of(three_years.run(), "inmet_clean_csv")
    assert again["years_written"] == "none"


@pytest.mark.parametrize("damage", ["csv changed", "csv gone", "parquet gone", "manifest gone"])
def test_damaged_files_are_written_anew(three_years: Chain, damage: str) -> None:
    path = three_years.csv
    before = path.read_bytes()
    if damage == "csv changed":
        path.write_bytes(before[:-5])
    elif damage == "csv gone":
        path.unlink()
    elif damage == "parquet gone":
        three_years.files.parquet(2020).unlink()
    else:
        three_years.files.export_json.unlink()
    three_years.run(["inmet_clean_csv"])
    assert path.read_bytes() == before
    assert len(_as_parquet(three_years)) == 180


def test_whatever_year_changes_the_csv_is_as_if_written_anew(three_years: Chain) -> None:
    for year in (2024, 2020, 2018, 2024):
        three_years.put(f"{year}.CSV", _year("A005", year, hours=len(three_years.states()) + 20))
        three_years.run()
    _assert_as_written_anew(three_years)


def test_who_has_a_csv_open_goes_on_reading_the_same(three_years: Chain) -> None:
    with three_years.csv.open("rb") as reader:
        before = three_years.csv.read_bytes()
        for hours in (20, 40):
            three_years.put(f"{hours}.CSV", _year("A005", 2019, hours))
            three_years.run()
        assert reader.read() == before
    _assert_as_written_anew(three_years)


def test_a_copy_by_link_keeps_what_it_held(three_years: Chain) -> None:
    mine, before = three_years.csv.with_name("mine.csv"), three_years.csv.read_bytes()
    os.link(three_years.csv, mine)
    three_years.put("first.CSV", _year("A005", 2019))
    three_years.run()
    assert mine.read_bytes() == before
    _assert_as_written_anew(three_years)


def _assert_as_written_anew(chain: Chain) -> None:
    found = chain.csv.read_bytes()
    shutil.rmtree(chain.csv.with_suffix(""))
    chain.csv.unlink()
    chain.run(["inmet_clean_csv"])
    assert chain.csv.read_bytes() == found


def test_nothing_is_left_behind_in_the_bucket_or_the_folder(three_years: Chain) -> None:
    bucket = three_years.bucket
    left = bucket.client.list_objects_v2(Bucket=bucket.name, Prefix=bucket.export_prefix)
    assert left["KeyCount"] == 0
    names = sorted(path.name for path in three_years.csv.parent.iterdir())
    assert names == [
        *("inmet_clean", "inmet_clean.csv", "inmet_pipeline.json", "inmet_stations.csv")
    ]
