"""The watch over the pipes, tick after tick, and what a test does to them before."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import dagster as dg

from inmet_platform.automation.pipe_sensor import snowpipe_watch
from inmet_platform.config.settings import Settings
from inmet_platform.inmet.readers import READER_VERSION
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.snowpipe.runbook import ENTRIES
from inmet_platform.snowpipe.watch import view_pipes
from inmet_platform.warehouse.bootstrap import bootstrap
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import administrator
from inmet_platform_tests.files import small_portal_file

GOOD = small_portal_file(hours=72)
OTHER = small_portal_file("A002", hours=48)
DEADLINE_S = 60.0
PIPES = {"RAW.OBSERVATIONS_PIPE", "RAW.PUBLISHED_VALUES_PIPE", "RAW.STATION_HEADERS_PIPE"}

# How the name of a landing file begins.
VERSION = f"{READER_VERSION:04}-"


@dataclass
class Told:
    """What a tick told by the check: its evaluation, or the sentence of a tick without one."""

    evaluation: dg.AssetCheckEvaluation | None
    skipped: str

    @property
    def offenders(self) -> str:
        assert self.evaluation, self.skipped
        return str(self.evaluation.metadata["offenders"].value)

    @property
    def severity(self) -> dg.AssetCheckSeverity:
        assert self.evaluation
        return self.evaluation.severity

    def says(self, name: str) -> bool:
        """Whether it failed with that entry, and brings the runbook's paragraph."""
        assert self.evaluation, self.skipped
        assert not self.evaluation.passed
        assert f"(docs/runbook.md#{name.lower()})" in self.offenders, self.offenders
        return ENTRIES[name].paragraph() in str(self.evaluation.metadata["runbook"].value)


class Watch:
    """The sensor, tick after tick."""

    def __init__(self, settings: Settings, instance: dg.DagsterInstance) -> None:
        self.instance, self.cursor = instance, None
        self._warehouse = SnowflakeWarehouse(home=str(settings.home))

    def tick(self) -> Told:
        context = dg.build_sensor_context(
            self.instance, cursor=self.cursor, resources={"warehouse": self._warehouse}
        )
        result: Any = snowpipe_watch(context)
        if isinstance(result, dg.SkipReason):
            return Told(None, str(result.skip_message))
        assert not result.run_requests
        self.cursor = result.cursor
        [evaluation] = result.asset_events or [None]
        return Told(evaluation, result.skip_reason.skip_message if result.skip_reason else "")


def land(chain: Chain, name: str = "a.CSV", data: bytes = GOOD) -> None:
    chain.put(name, data)
    chain.bring("land")


def damage_what_landed(chain: Chain) -> str:
    """As if the landing file had been damaged on its way: the ledger waits for it all the same."""
    [row] = chain.sql("SELECT landing_key FROM RAW.LANDING_FILES WHERE table_name = 'observations'")
    bad = str(row["landing_key"]).replace(VERSION, f"{VERSION}bad")
    chain.bucket.client.put_object(Bucket=chain.bucket.name, Key=bad, Body=b"no Parquet")
    chain.sql(
        f"UPDATE RAW.LANDING_FILES SET landing_key = '{bad}' WHERE table_name = 'observations'"  # noqa: S608
    )
    return bad


def age(chain: Chain, minutes: int = 10) -> None:
    """As if all that waits had landed so long ago."""
    chain.sql(
        f"UPDATE RAW.LANDING_FILES SET landed_at = DATEADD(minute, -{minutes}, landed_at)"  # noqa: S608
    )


def await_true(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def await_rows(chain: Chain, table: str, rows: int) -> None:
    await_true(lambda: chain.count(table) == rows)


def await_told(chain: Chain) -> None:
    """Until the pipe of the observations has been told of what waits, whether it took it or not."""

    def told() -> bool:
        with chain.session() as session:
            [view, *_] = view_pipes(session)
        heard = view.moment("lastForwardedMessageTimestamp")
        newest = max(file.landed_at for file in view.waiting)
        # The event may be quicker than the ledger, which writes down when the file was put.
        return bool(heard and heard > newest - timedelta(seconds=5) and not view.pending)

    await_true(told)


def silence(chain: Chain) -> None:
    chain.bucket.client.put_bucket_notification_configuration(
        Bucket=chain.bucket.name, NotificationConfiguration={}
    )


def bootstrap_again(chain: Chain) -> None:
    for _ in bootstrap(administrator(chain.settings)):
        pass
