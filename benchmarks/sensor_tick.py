"""A tick of the sensor with many objects already in raw/, and a few new ones.

    python -m benchmarks.sensor_tick --objects 100000

Starts an embedded cloud of its own in a temporary folder, fills raw/, bootstraps (from then on
events are sent), puts ten more, and times the tick and what a run then finds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import dagster as dg

from inmet_platform.automation.raw_sensor import Cursor, raw_files_sensor
from inmet_platform.intake.intake import Intake
from inmet_platform.ledger.lease import Lease
from inmet_platform.resources.s3 import RawEventQueue
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents
from inmet_platform.warehouse.bootstrap import bootstrap
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.embedded import EmbeddedCloud

NEW = 10


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=100_000)
    count = parser.parse_args().objects
    with tempfile.TemporaryDirectory(prefix="inmet-bench-", ignore_cleanup_errors=True) as folder:
        cloud = EmbeddedCloud(Path(folder))
        cloud.start()
        try:
            measure(cloud, count)
        finally:
            cloud.stop()


def measure(cloud: EmbeddedCloud, count: int) -> None:
    """Fill, tick, print."""
    settings = cloud.settings
    bucket = Bucket.from_settings(settings)
    boto3.client("s3", **settings.aws_client_arguments()).create_bucket(Bucket=bucket.name)
    started = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(lambda number: _put(bucket, f"old-{number:07}"), range(count - NEW)):
            pass
    filled_s = time.perf_counter() - started
    for _ in bootstrap(settings):
        pass
    events = RawEvents.from_settings(settings)
    # The cursor of a sensor that has been running: it knows this queue.
    known = events.depth().created_at
    cursor = Cursor(queue_created_at=known, reconciled_at=time.time()).model_dump_json()
    for number in range(NEW):
        _put(bucket, f"new-{number}")
    queue = RawEventQueue(home=str(settings.home))
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance, cursor=cursor, resources={"queue": queue})
        started = time.perf_counter()
        result = raw_files_sensor(context)
        tick_s = time.perf_counter() - started
    assert isinstance(result, dg.SensorResult), result
    with open_session(settings, tag="benchmark") as session:
        lease = Lease("intake", "benchmark", session, lambda: open_session(settings, tag="lease"))
        intake = Intake(bucket, events, session, lease, print)
        started = time.perf_counter()
        intake.find([], reconcile=False, force=False)
        find_s = time.perf_counter() - started
        found = len(intake.ledger.known_etags())
    print(f"objects={count} fill_s={filled_s:.0f} tick_s={tick_s:.3f}")
    print(f"found={found} find_s={find_s:.3f}")


def _put(bucket: Bucket, name: str) -> None:
    bucket.client.put_object(Bucket=bucket.name, Key=f"{bucket.raw_prefix}{name}.CSV", Body=b"x")


if __name__ == "__main__":
    main()
