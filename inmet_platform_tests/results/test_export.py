"""CLEAN to files: CSV and Parquet hold the same rows, and only what changed is written."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from inmet_platform.errors import ExportError
from inmet_platform.results.export import Export, export_clean
from inmet_platform.results.extract import exported_files, require_whole
from inmet_platform.results.manifest import CLEAN_SCHEMA, read_manifest
from inmet_platform.results.result_files import ResultFiles
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.chain.chain import Chain, checks_of, metadata_of
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import small_portal_file, zip_of

OTHER = "A005"


class Years(Chain):
    """Three years of two stations in CLEAN; a third station comes in by a test, and goes after."""

    def add(self, year: int, first: int = 0, hours: int = 20) -> None:
        """Hours of the third station, from so many after the first of March."""
        self.sql(
            "INSERT INTO CLEAN.OBSERVATIONS "  # noqa: S608
            f"SELECT * REPLACE ('{OTHER}' AS station_id, "
            f"DATEADD(year, {year - 2019}, observed_at) AS observed_at, "
            "CURRENT_TIMESTAMP()::TIMESTAMP_NTZ AS merged_at) "
            "FROM CLEAN.OBSERVATIONS WHERE station_id = 'A003' "
            f"AND observed_at >= DATEADD(hour, {first}, '2019-03-01'::TIMESTAMP_NTZ) "
            f"AND observed_at < DATEADD(hour, {first + hours}, '2019-03-01'::TIMESTAMP_NTZ)"
        )

    def forget(self) -> None:
        self.sql(f"DELETE FROM CLEAN.OBSERVATIONS WHERE station_id = '{OTHER}'")  # noqa: S608

    def export(self, files: ResultFiles) -> Export:
        with open_session(self.settings, tag="test") as session:
            return export_clean(session, self.bucket, files, print)


@pytest.fixture(scope="module")
def loaded(embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory) -> Years:
    folder = tmp_path_factory.mktemp("years")
    made = Years(embedded_cloud.loaders_tenant(folder / "home"), folder)
    files = {
        f"{code}_{year}.CSV": small_portal_file(code, first=f"{year}-03-01T00", hours=30, seed=year)
        for year in (2021, 2019, 2020)
        for code in ("A007", "A003")
    }
    made.put("years.zip", zip_of(files))
    made.bring("merge")
    return made


@pytest.fixture
def years(loaded: Years) -> Iterator[Years]:
    yield loaded
    loaded.forget()


@pytest.fixture
def files(years: Years, tmp_path: Path) -> ResultFiles:
    """What is exported of the three years, in a folder of the test's own."""
    made = ResultFiles(tmp_path / "processed")
    years.export(made)
    return made


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _as_parquet(files: ResultFiles) -> list[dict[str, object]]:
    years = sorted(read_manifest(files))
    return [row for year in years for row in pq.read_table(files.parquet(year)).to_pylist()]


def _stamps(files: ResultFiles) -> list[int]:
    return [files.parquet(year).stat().st_mtime_ns for year in (2019, 2021)]


def test_csv_and_parquet_hold_the_rows_of_clean_sorted_by_year_station_and_time(
    years: Years, files: ResultFiles
) -> None:
    rows, table = _rows(files.clean_csv), _as_parquet(files)
    keys = [(row["observed_at"][:4], row["station_id"], row["observed_at"]) for row in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == years.count("CLEAN.OBSERVATIONS") == 180
    assert list(rows[0]) == CLEAN_SCHEMA.names
    for text, typed in zip(rows, table, strict=True):
        assert text["observed_at"] == f"{typed['observed_at']:%Y-%m-%dT%H:%M:%SZ}"
        for name in CLEAN_SCHEMA.names[2:]:
            assert (float(text[name]) if text[name] else None) == typed[name]


def test_an_empty_warehouse_takes_no_file_away_and_the_check_tells(years: Years) -> None:
    """As after `make clean` and `make up`: the first run of a sensor finds nothing."""
    years.run(["inmet_clean_csv"])
    before = years.csv.read_bytes()
    years.sql("CREATE TABLE CLEAN.AWAY AS SELECT * FROM CLEAN.OBSERVATIONS")
    years.sql("DELETE FROM CLEAN.OBSERVATIONS")
    try:
        result = years.run(["inmet_clean_csv"])
    finally:
        years.sql("INSERT INTO CLEAN.OBSERVATIONS SELECT * FROM CLEAN.AWAY")
        years.sql("DROP TABLE CLEAN.AWAY")
    assert years.csv.read_bytes() == before
    assert metadata_of(result, "inmet_clean_csv")["dagster/row_count"] == 180
    assert years.files.parquet(2019).exists()
    assert not checks_of(result)["files_hold_every_clean_row"].passed


def test_only_the_year_that_changed_is_written(years: Years) -> None:
    years.run(["inmet_clean_csv"])
    csv_before, stamps = years.csv.read_bytes(), _stamps(years.files)
    years.add(2020)
    written = metadata_of(years.run(["inmet_clean_csv"]), "inmet_clean_csv")
    assert written["years_written"] == "2020"
    assert stamps == _stamps(years.files)
    of_other = f"{OTHER},".encode()
    lines = years.csv.read_bytes().splitlines(keepends=True)
    assert b"".join(line for line in lines if of_other not in line) == csv_before
    assert sum(of_other in line for line in lines) == 20
    again = metadata_of(years.run(["inmet_clean_csv"]), "inmet_clean_csv")
    assert again["years_written"] == "none"


@pytest.mark.parametrize(
    "damage", ["csv changed", "csv gone", "parquet gone", "parquet cut", "manifest gone"]
)
def test_damaged_files_are_written_anew(years: Years, files: ResultFiles, damage: str) -> None:
    path = files.clean_csv
    before = path.read_bytes()
    if damage == "csv changed":
        path.write_bytes(before[:-5])
    elif damage == "csv gone":
        path.unlink()
    elif damage == "parquet gone":
        files.parquet(2020).unlink()
    elif damage == "parquet cut":
        files.parquet(2020).write_bytes(files.parquet(2020).read_bytes()[:-9])
        with pytest.raises(ExportError, match=r"2020\.parquet is damaged"):
            require_whole(exported_files(files.clean_folder).values())
    else:
        files.export_json.unlink()
    years.export(files)
    assert path.read_bytes() == before
    assert len(_as_parquet(files)) == 180


def test_whatever_year_changes_the_csv_is_as_if_written_anew(
    years: Years, files: ResultFiles
) -> None:
    for year, first, hours in ((2024, 0, 21), (2020, 0, 22), (2018, 0, 23), (2024, 21, 4)):
        years.add(year, first, hours)
        assert years.export(files).years_written == [year]
    _assert_as_written_anew(years, files)


def test_who_has_a_csv_open_goes_on_reading_the_same(years: Years, files: ResultFiles) -> None:
    with files.clean_csv.open("rb") as reader:
        before = files.clean_csv.read_bytes()
        for first in (0, 20):
            years.add(2019, first, 10)
            years.export(files)
        assert reader.read() == before
    _assert_as_written_anew(years, files)


def test_a_copy_by_link_keeps_what_it_held(years: Years, files: ResultFiles) -> None:
    mine, before = files.clean_csv.with_name("mine.csv"), files.clean_csv.read_bytes()
    os.link(files.clean_csv, mine)
    years.add(2019)
    years.export(files)
    assert mine.read_bytes() == before
    _assert_as_written_anew(years, files)


def _assert_as_written_anew(years: Years, files: ResultFiles) -> None:
    found = files.clean_csv.read_bytes()
    shutil.rmtree(files.clean_folder)
    files.clean_csv.unlink()
    years.export(files)
    assert files.clean_csv.read_bytes() == found


def test_nothing_is_left_behind_in_the_bucket_or_the_folder(
    years: Years, files: ResultFiles
) -> None:
    bucket = years.bucket
    left = bucket.client.list_objects_v2(Bucket=bucket.name, Prefix=bucket.export_prefix)
    assert left["KeyCount"] == 0
    names = sorted(path.name for path in files.clean_csv.parent.iterdir())
    assert names == [
        *("inmet_clean", "inmet_clean.csv", "inmet_pipeline.json", "inmet_stations.csv")
    ]
