"""`kill -9` of a run at every point where it leaves something half done; the next finishes it."""

from __future__ import annotations

import io
import multiprocessing
import signal
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from inmet_platform.intake.landing import land
from inmet_platform.intake.station_headers import RawFile
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.chain.dying import POINTS, run_until
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import small_portal_file

# One that is exported before the first kill, so that there is a CSV to keep; one a point.
EDITIONS = 1 + len(POINTS)

# Forked from a process that has imported all and has no thread: with threads one may never begin.
PROCESSES = multiprocessing.get_context("forkserver")


def _edition(number: int) -> bytes:
    """Two stations, 120 hours that begin a day later with each edition; the newest is not last."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        written = (2024, 3, 1 + (number * 7) % EDITIONS, 12, 0, 0)
        for code in ("A001", "A002"):
            first = f"2019-12-{25 + number}T00" if number < 7 else f"2020-01-{number - 6:02}T00"
            data = small_portal_file(code, first=first, hours=120, seed=number)
            archive.writestr(zipfile.ZipInfo(f"{code}.CSV", written), data)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def editions() -> list[bytes]:
    return [_edition(number) for number in range(EDITIONS)]


@pytest.fixture(scope="module")
def killed(
    embedded_cloud: EmbeddedCloud,
    tmp_path_factory: pytest.TempPathFactory,
    editions: list[bytes],
) -> Chain:
    """One tenant that has exported; a new file and a killed run a point; then a run that lives."""
    PROCESSES.set_forkserver_preload([run_until.__module__])
    folder = tmp_path_factory.mktemp("killed")
    chain = Chain(embedded_cloud.loaders_tenant(folder / "home"), folder)
    chain.put("edition.zip", editions[0])
    chain.bring()
    for edition, (when, what) in zip(editions[1:], POINTS, strict=True):
        chain.put("edition.zip", edition)
        process = PROCESSES.Process(target=run_until, args=(chain.settings.home, when, what))
        process.start()
        process.join(120)
        assert process.exitcode == -signal.SIGKILL, f"{when} {what} was never reached"
        # The lease of the dead run ends by itself; the test does not wait.
        chain.sql("UPDATE RAW.LEASES SET held_until = '2020-01-01'::TIMESTAMP_NTZ")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("inmet_platform.results.export.LONGEST_UNLOAD", timedelta(0))
        chain.run()
    return chain


@pytest.fixture(scope="module")
def clean(
    embedded_cloud: EmbeddedCloud,
    tmp_path_factory: pytest.TempPathFactory,
    editions: list[bytes],
) -> Chain:
    """Another tenant that took the same files in one run, the last first."""
    folder = tmp_path_factory.mktemp("clean")
    chain = Chain(embedded_cloud.loaders_tenant(folder / "home"), folder)
    for edition in reversed(editions):
        chain.put("edition.zip", edition)
    chain.bring()
    return chain


def _keys(bucket: Bucket, prefix: str) -> Iterator[str]:
    for page in bucket.client.get_paginator("list_objects_v2").paginate(
        Bucket=bucket.name, Prefix=prefix
    ):
        yield from (item["Key"] for item in page.get("Contents", []))


def test_clean_is_that_of_one_run_that_nobody_killed(killed: Chain, clean: Chain) -> None:
    everything = "SELECT * EXCLUDE (merged_at) FROM CLEAN.OBSERVATIONS ORDER BY 1, 2"
    rows = killed.sql(everything)
    assert len(rows) > 2 * 24 * EDITIONS
    assert rows == clean.sql(everything)
    assert len({row["edition"] for row in rows}) > 8, "of several editions and two stations"


def test_no_row_is_double(killed: Chain) -> None:
    assert killed.count("RAW.OBSERVATIONS") == EDITIONS * 2 * 120
    lines = "(SELECT DISTINCT reading_id, line_number FROM RAW.OBSERVATIONS)"
    assert killed.count(lines) == killed.count("RAW.OBSERVATIONS")
    assert killed.count("RAW.STATION_HEADERS") == EDITIONS * 2
    hours = "(SELECT DISTINCT station_id, observed_at FROM CLEAN.OBSERVATIONS)"
    assert killed.count(hours) == killed.count("CLEAN.OBSERVATIONS")


def test_every_file_is_clean_and_every_landing_object_belongs_to_one(killed: Chain) -> None:
    states = [row["state"] for row in killed.sql("SELECT state FROM RAW.FILES")]
    assert states == ["clean"] * EDITIONS
    recorded = killed.sql("SELECT landing_key FROM RAW.LANDING_FILES")
    assert sorted(row["landing_key"] for row in recorded) == sorted(
        _keys(killed.bucket, killed.bucket.landing_prefix)
    )


def test_the_files_for_people_are_those_of_one_run_and_nothing_else_is_left(
    killed: Chain, clean: Chain
) -> None:
    assert killed.csv.read_bytes() == clean.csv.read_bytes()
    names = sorted(path.name for path in killed.csv.parent.iterdir())
    assert names == [
        *("inmet_clean", "inmet_clean.csv", "inmet_pipeline.json", "inmet_stations.csv")
    ]
    assert list(_keys(killed.bucket, killed.bucket.export_prefix)) == []


def test_headers_that_name_another_file_of_rows_are_another_landing_file(
    chain: Chain, tmp_path: Path
) -> None:
    """A run put both and was killed; before the next, the same member came in with another zip."""
    raw = RawFile(tmp_path / "a.CSV", "raw/a.CSV", "a.CSV", datetime(2024, 1, 1))  # noqa: DTZ001
    raw.path.write_bytes(small_portal_file())
    first = land(raw, chain.bucket, tmp_path, {}, lambda _: None)
    chain.bucket.download(first.files[-1].key, tmp_path / "headers")
    [header] = pq.read_table(tmp_path / "headers").to_pylist()
    known = {header["member_sha256"]: [{**header, "observations_key": "landing/another"}]}
    again = land(raw, chain.bucket, tmp_path, known, lambda _: None)
    assert [file.table for file in again.files] == ["station_headers"]
    assert again.files[0].key != first.files[-1].key
