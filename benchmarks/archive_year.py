"""The measurements of `benchmarks.archive`, stage by stage."""

from __future__ import annotations

import argparse
import logging
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import dagster as dg

from benchmarks.memory import PeakMemory
from benchmarks.relabelled import relabelled
from inmet_platform.config.settings import Settings
from inmet_platform.definitions import build_defs
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform.intake.landing import land
from inmet_platform.intake.station_headers import RawFile
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.processes import ROOT

SCRIPTS = ROOT.parent / "shared" / "bench"
WHOLE = "whole run"
STAGES = ("raw_s3_file", "snowflake_raw", "snowflake_clean", "inmet_clean_csv")


def main() -> None:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(prog="benchmarks.archive")
    parser.add_argument("archive", type=Path)
    parser.add_argument("--years", type=int, default=5)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)  # Dagster's events
    with tempfile.TemporaryDirectory(prefix="inmet-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        print(f"On {os.cpu_count()} cores, {platform.machine()}, {datetime.now(UTC):%d %B %Y}.\n")
        floor = _script("floor.py", str(arguments.archive))
        pandas = _script("pandas_baseline.py", str(arguments.archive), str(folder / "pandas.csv"))
        (folder / "pandas.csv").unlink()
        cloud = EmbeddedCloud(folder / "cloud")
        cloud.start()
        try:
            _compare(cloud, folder, arguments.archive, floor, pandas)
            _grow(cloud, folder, arguments.archive, arguments.years)
        finally:
            cloud.stop()


def _script(name: str, *arguments: str) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 - the scripts beside the project
        [sys.executable, str(SCRIPTS / name), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return {key: float(value) for key, value in re.findall(r"(\w+)=([\d.]+)", done.stdout)}


def _compare(
    cloud: EmbeddedCloud,
    folder: Path,
    archive: Path,
    floor: dict[str, float],
    pandas: dict[str, float],
) -> None:
    size_mb = archive.stat().st_size / 1e6
    landing_s = _landing_alone(cloud, folder, archive)
    with PeakMemory(os.getpid()) as memory:
        chain = Chain(cloud, folder / "compared")
        stages = chain.load(archive)
        daily_s = chain.read_daily()
    total = stages.pop(WHOLE) + daily_s
    lines = {
        "floor: inflate and parse": (floor["total_s"], floor["rows"]),
        "zip to landing Parquet": (landing_s, floor["rows"]),
        "pandas: parse": (pandas["parse_s"], pandas["rows_in"]),
        "pandas: zip to clean CSV": (pandas["total_s"], pandas["rows_in"]),
        **{f"ours: {name}": (seconds, floor["rows"]) for name, seconds in stages.items()},
        "ours: CLEAN.DAILY read whole": (daily_s, floor["rows"]),
        "ours: raw zip in S3 to CLEAN, daily values, CSV, Parquet": (total, floor["rows"]),
    }
    print("| stage | s | rows/s | MB of zip/s |\n|---|---|---|---|")
    for name, (seconds, rows) in lines.items():
        print(f"| {name} | {seconds:.1f} | {rows / seconds:,.0f} | {size_mb / seconds:.1f} |")
    print(f"\nzip to landing Parquet: {landing_s / floor['total_s']:.2f} x the floor")
    print(f"whole chain: {total / pandas['total_s']:.2f} x pandas\n")
    print("| process | peak memory, MB |\n|---|---|")
    print(f"| pandas | {pandas['peak_mb']:,.0f} |")
    for name, peak in sorted(memory.peaks_mb.items()):
        print(f"| {name} | {peak:,} |")
    print(flush=True)


def _landing_alone(cloud: EmbeddedCloud, folder: Path, archive: Path) -> float:
    """Into a bucket that tells no pipe of it."""
    client = boto3.client("s3", **cloud.settings.aws_client_arguments())
    client.create_bucket(Bucket="landing-alone")
    scratch = folder / "landing"
    scratch.mkdir()
    raw = RawFile(archive, "raw/x", archive.name, datetime.now(UTC))
    started = time.perf_counter()
    landed = land(raw, Bucket(client, "landing-alone"), scratch, {}, lambda _: None)
    assert not landed.refusals
    return time.perf_counter() - started


def _grow(cloud: EmbeddedCloud, folder: Path, archive: Path, years: int) -> None:
    chain = Chain(cloud, folder / "growing")
    last = int(archive.stem)
    first: dict[str, float] = {}
    print(
        "| year | rows in CLEAN | MERGE and flags, s | export, s | all, s |\n|---|---|---|---|---|"
    )
    for year in range(last - years + 1, last + 1):
        path = relabelled(archive, year, folder / f"{year}.zip")
        stages = chain.load(path)
        path.unlink()
        rows = chain.count("CLEAN.OBSERVATIONS")
        first = first or stages
        print(
            f"| {year} | {rows:,} | {stages['snowflake_clean']:.1f} | "
            f"{stages['inmet_clean_csv']:.1f} | {stages[WHOLE]:.1f} |",
            flush=True,
        )
    for stage in ("snowflake_clean", "inmet_clean_csv"):
        print(f"\n{stage}: the last year costs {stages[stage] / first[stage]:.2f} x the first")


class Chain:
    """The assets up to the files, in this process, on a tenant of its own."""

    def __init__(self, cloud: EmbeddedCloud, home: Path) -> None:
        """Bootstrap, and run once with a small file: imports are not what is measured."""
        self.settings: Settings = cloud.tenant(home)
        self._bucket = Bucket.from_settings(self.settings)
        small = home / "small.csv"
        small.write_bytes(sample_station_year(2000)[1])
        self.load(small)

    def load(self, path: Path) -> dict[str, float]:
        """Put a file into raw/ and bring it to the files.

        Returns:
            Seconds of each asset, and of the whole run with its checks (`WHOLE`).
        """
        with path.open("rb") as stream:
            self._bucket.put_raw(stream, path.name, {})
        started = time.perf_counter()
        job = build_defs(self.settings).resolve_implicit_global_asset_job_def()
        with dg.DagsterInstance.ephemeral() as instance:
            result = job.execute_in_process(
                instance=instance, asset_selection=[dg.AssetKey(name) for name in STAGES]
            )
        whole_s = time.perf_counter() - started
        seconds = {
            event.materialization.asset_key.to_user_string(): _seconds(event.materialization)
            for event in result.get_asset_materialization_events()
        }
        return {**seconds, WHOLE: whole_s}

    def read_daily(self) -> float:
        """Every daily value, asked for once."""
        started = time.perf_counter()
        with open_session(self.settings, tag="bench") as session:
            session.query_text("SELECT COUNT(*), SUM(precipitation_mm) FROM CLEAN.DAILY")
        return time.perf_counter() - started

    def count(self, table: str) -> int:
        """Rows of a table."""
        with open_session(self.settings, tag="bench") as session:
            rows = session.query_text(f"SELECT COUNT(*) AS n FROM {table}")  # noqa: S608
        return int(rows[0]["n"])


def _seconds(materialization: Any) -> float:
    return float(materialization.metadata["seconds"].value)
