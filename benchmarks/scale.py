"""What the whole archive costs, and ten and a hundred times of it: the tables of docs/scale.md.

    python -m benchmarks.scale                                       # compute and print
    python -m benchmarks.scale --measure ../shared/inmet/archive/2024.zip

`--measure` lands a yearly zip and prints the figures that stand below as `MEASURED`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import boto3

from inmet_platform.intake.landing import land
from inmet_platform.intake.station_headers import RawFile
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.embedded import EmbeddedCloud

# List prices in USD, on demand, AWS us-east-1, without tax and discount; as published in 2026.
CREDIT_USD = 2.00  # Standard edition; finout.io guide to Snowflake pricing, 2026
TABLE_TB_MONTH_USD = 23.00  # specialoffers.com/snowflake, after April 2026
WAREHOUSE_CREDITS_PER_H = 1.0  # X-Small, Gen1; docs.snowflake.com, warehouses-overview
SNOWPIPE_CREDITS_PER_GB = 0.0037  # docs.snowflake.com, Snowpipe billing; nothing a file
S3_GB_MONTH_USD = 0.023  # Standard, first 50 TB; usage.ai S3 guide, June 2026
S3_PUT_USD = 0.005 / 1000  # devnotes.tech, S3 pricing breakdown
S3_GET_USD = 0.0004 / 1000  # the same

# Assumptions; each is said in the document.
TABLE_BYTES_PER_LANDING_BYTE = 3.0  # RAW, CLEAN with flags, and what Time Travel keeps
SUSPEND_S = 60.0  # AUTO_SUSPEND: the warehouse runs on after a run
YEARS = 25


@dataclass(frozen=True)
class Measured:
    """A yearly zip: sizes by `--measure`, seconds by `make bench` (docs/benchmarks.md)."""

    rows: int = 4_962_960
    zip_bytes: int = 100_426_076
    landing_bytes: int = 80_210_428
    landing_files: int = 10
    reader_s: float = 4.8
    warehouse_s: float = 6.8 + 6.1
    chain_s: float = 21.1


MEASURED = Measured()
COUNTED_ROWS = 29_600_000
WHOLE_ROWS = 600 * YEARS * 8_766
SIZES = {
    "counted": COUNTED_ROWS,
    "whole": WHOLE_ROWS,
    "10 x": 10 * WHOLE_ROWS,
    "100 x": 100 * WHOLE_ROWS,
}


@dataclass(frozen=True)
class Load:
    """So many rows, in `YEARS` zips, a run of the chain each."""

    rows: int

    @property
    def years(self) -> float:
        """As so many measured years."""
        return self.rows / MEASURED.rows

    @property
    def raw_gb(self) -> float:
        """Zips in `raw/`."""
        return self.years * MEASURED.zip_bytes / 1e9

    @property
    def landing_gb(self) -> float:
        """Parquet in `landing/`."""
        return self.years * MEASURED.landing_bytes / 1e9

    @property
    def landing_files(self) -> float:
        """Objects in `landing/` when parts stay as large as they are."""
        return self.years * MEASURED.landing_files

    @property
    def snowpipe_credits(self) -> float:
        """By the size of the Parquet files."""
        return self.landing_gb * SNOWPIPE_CREDITS_PER_GB

    @property
    def warehouse_credits(self) -> float:
        """MERGE, flags and unload, and the time until the warehouse sleeps."""
        seconds = self.years * MEASURED.warehouse_s + YEARS * SUSPEND_S
        return seconds / 3600 * WAREHOUSE_CREDITS_PER_H

    @property
    def load_usd(self) -> float:
        """Once: credits, and the requests to S3 (a part of 8 MB is a PUT, each read twice)."""
        requests = self.raw_gb * 1e9 / 8e6 + self.landing_files
        credit_usd = (self.snowpipe_credits + self.warehouse_credits) * CREDIT_USD
        return credit_usd + requests * (S3_PUT_USD + 2 * S3_GET_USD)

    @property
    def s3_usd(self) -> float:
        """A month: raw and landing."""
        return (self.raw_gb + self.landing_gb) * S3_GB_MONTH_USD

    @property
    def table_gb(self) -> float:
        """Snowflake's tables."""
        return self.landing_gb * TABLE_BYTES_PER_LANDING_BYTE

    @property
    def table_usd(self) -> float:
        """A month: Snowflake's tables."""
        return self.table_gb / 1000 * TABLE_TB_MONTH_USD


LINES: dict[str, Callable[[Load], str]] = {
    "rows, million": lambda load: f"{load.rows / 1e6:,.1f}",
    "raw/, GB": lambda load: f"{load.raw_gb:,.1f}",
    "landing/, GB": lambda load: f"{load.landing_gb:,.1f}",
    "landing/, files": lambda load: f"{load.landing_files:,.0f}",
    "tables, GB": lambda load: f"{load.table_gb:,.1f}",
    "Snowpipe, credits": lambda load: f"{load.snowpipe_credits:,.3f}",
    "warehouse X-Small, credits": lambda load: f"{load.warehouse_credits:,.2f}",
    "loading once, USD": lambda load: f"{load.load_usd:,.2f}",
    "S3, USD a month": lambda load: f"{load.s3_usd:,.2f}",
    "tables, USD a month": lambda load: f"{load.table_usd:,.2f}",
    "readers on 2 cores, minutes": lambda load: f"{load.years * MEASURED.reader_s / 60:,.1f}",
    "whole chain on 2 cores, minutes": lambda load: f"{load.years * MEASURED.chain_s / 60:,.1f}",
}

# Dagster 1.13 with SQLite; a run's start and an event's cost were measured apart.
RUN_S = 12.0
EVENT_S = 0.07
PARTITIONS = {"a year": YEARS, "a station-year": 600 * YEARS, "a station-month": 600 * YEARS * 12}


def cost_table() -> str:
    """Markdown: a column a size."""
    lines = [f"| | {' | '.join(SIZES)} |", "|---" * (len(SIZES) + 1) + "|"]
    for name, figure in LINES.items():
        lines.append(f"| {name} | {' | '.join(figure(Load(rows)) for rows in SIZES.values())} |")
    return "\n".join(lines)


def partition_table() -> str:
    """Markdown: what a backfill costs in Dagster alone, before any work is done."""
    lines = ["| a partition is | partitions | a run each, h | one run, h |", "|---|---|---|---|"]
    for name, count in PARTITIONS.items():
        apart_h = count * (RUN_S + EVENT_S) / 3600
        together_h = (RUN_S + count * EVENT_S) / 3600
        lines.append(f"| {name} | {count:,} | {apart_h:,.1f} | {together_h:,.2f} |")
    return "\n".join(lines)


def measure(archive: Path) -> None:
    """Land a yearly zip into a bucket that tells no pipe of it."""
    with tempfile.TemporaryDirectory(prefix="inmet-scale-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        cloud = EmbeddedCloud(folder / "cloud")
        cloud.start()
        try:
            client = boto3.client("s3", **cloud.settings.aws_client_arguments())
            client.create_bucket(Bucket="scale")
            raw = RawFile(archive, "raw/x", archive.name, datetime.now(UTC))
            (folder / "scratch").mkdir()
            started = time.perf_counter()
            landed = land(raw, Bucket(client, "scale"), folder / "scratch", {}, lambda _: None)
            seconds = time.perf_counter() - started
        finally:
            cloud.stop()
    size = sum(file.size_bytes for file in landed.files)
    print(
        f"{landed.rows:,} rows, {archive.stat().st_size:,} bytes of zip, {size:,} bytes in "
        f"{len(landed.files)} landing files, {seconds:.1f} s"
    )


def main() -> None:
    """Print the tables, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", type=Path, metavar="ZIP")
    archive = parser.parse_args().measure
    if archive:
        measure(archive)
    else:
        print(f"{cost_table()}\n\n{partition_table()}")


if __name__ == "__main__":
    main()
