"""Ticks of the sensor of `raw/` beside a chain, for the tests of this room."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import dagster as dg

from inmet_platform.automation.raw_sensor import Cursor, Look
from inmet_platform.intake.intake import Intake
from inmet_platform.resources.s3 import RawEventQueue, S3Bucket
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.storage.events import RawEvents
from inmet_platform_tests.chain.chain import Chain

Tick = Callable[[str | None], Any]


def resources(chain: Chain) -> dict[str, Any]:
    home = str(chain.settings.home)
    return {
        "s3": S3Bucket(home=home),
        "queue": RawEventQueue(home=home),
        "warehouse": SnowflakeWarehouse(home=home),
    }


def reconciles(result: dg.SensorResult) -> bool:
    [request] = result.run_requests or []
    return bool(request.run_config["ops"]["raw_s3_file"]["config"]["reconcile"])


def running_cursor(chain: Chain) -> str:
    """The cursor of a sensor that has been ticking: it knows the queue."""
    return cursor_of(chain, time.time())


def cursor_of(chain: Chain, reconciled_at: float) -> str:
    created_at = RawEvents.from_settings(chain.settings).depth().created_at
    looked = Look(at=time.time())
    return Cursor(
        queue_created_at=created_at, reconciled_at=reconciled_at, newest=looked, others=looked
    ).model_dump_json()


def due(cursor: str | None, name: str = "newest") -> str:
    """The same cursor when the pause after the last look is over."""
    known = Cursor.model_validate_json(cursor or "{}")
    look = getattr(known, name).model_copy(update={"at": time.time() - 3600})
    return known.model_copy(update={name: look}).model_dump_json()


def without_events(chain: Chain) -> None:
    chain.bucket.client.put_bucket_notification_configuration(
        Bucket=chain.bucket.name, NotificationConfiguration={}
    )


def keys_told(result: dg.SensorResult) -> list[str]:
    return [
        key
        for request in result.run_requests or []
        for key in request.run_config["ops"]["raw_s3_file"]["config"]["found"]
    ]


def take_events(chain: Chain) -> int:
    """Drain the queue into the ledger, as a run does; how many objects the ledger knows then."""
    with chain.session() as session:
        events = RawEvents.from_settings(chain.settings)
        intake = Intake(chain.bucket, events, session, "test", lambda _: None)
        intake.find([], reconcile=False, force=False)
        return len(intake.ledger.known_etags())
