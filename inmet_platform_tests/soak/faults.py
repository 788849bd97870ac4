"""The faults, by name: each takes the world and the dice, and says whether it could happen."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from inmet_platform_tests.soak.proxy import Mode, Proxy
from inmet_platform_tests.soak.world import World

Fault = Callable[[World, random.Random], bool]

# What a fault of a proxy lasts, and a full disk, in seconds.
LASTS_S = (2.0, 6.0)
QUEUE = "inmet-raw-events"


def _kill(pattern: str) -> Fault:
    return lambda world, rng: world.kill(pattern, rng)


def _cloud(by: signal.Signals) -> Fault:
    def fault(world: World, _: random.Random) -> bool:
        world.restart_cloud(by)
        return True

    return fault


def _proxied(choose: Callable[[World], Proxy], mode: Mode) -> Fault:
    def fault(world: World, rng: random.Random) -> bool:
        proxy = choose(world)
        proxy.be(mode)
        time.sleep(rng.uniform(*LASTS_S))
        proxy.be("pass")
        return True

    return fault


def _full_disk(world: World, rng: random.Random) -> bool:
    """The disk of the temporary files is full for a while; the folder is a small one of its own."""
    total, _, free = shutil.disk_usage(world.temporary)
    if total > 1_000_000_000:  # it is no small one: nothing else is filled
        return False
    filler = world.temporary / ".filler"
    with suppress(OSError), filler.open("wb") as stream:
        stream.write(bytes(free))
    time.sleep(rng.uniform(*LASTS_S))
    filler.unlink(missing_ok=True)
    return True


def _events(change: Callable[[World, str, dict[str, Any]], None]) -> Fault:
    """Take the events that wait, and do something to each."""

    def fault(world: World, _: random.Random) -> bool:
        with suppress(ClientError, BotoCoreError):
            url = world.sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
            answer = world.sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=5
            )
            for message in answer.get("Messages", []):
                change(world, url, dict(message))
            return bool(answer.get("Messages"))
        return False

    return fault


def _lose(world: World, url: str, message: dict[str, Any]) -> None:
    world.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _double(world: World, url: str, message: dict[str, Any]) -> None:
    for _ in range(2):
        world.sqs.send_message(QueueUrl=url, MessageBody=message["Body"])


def _delay(world: World, url: str, message: dict[str, Any]) -> None:
    world.sqs.change_message_visibility(
        QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=45
    )


_s3: Callable[[World], Proxy] = lambda world: world.s3_proxy  # noqa: E731 - a table of short ones
_snowflake: Callable[[World], Proxy] = lambda world: world.snowflake_proxy  # noqa: E731

FAULTS: dict[str, Fault] = {
    "kill the upload service": _kill("-m upload_service"),
    "kill the data service": _kill("-m data_service"),
    "kill MLflow": _kill("mlflow"),
    "kill Dagster's webserver": _kill("--as-webserver"),
    "kill Dagster's daemon": _kill("dagster._daemon"),
    "kill Dagster's code server": _kill("dagster api grpc"),
    # Or one of the readers that it started.
    "kill a run": _kill("multiprocessing.spawn import spawn_main"),
    "kill all of Dagster": _kill("guarded_dagster -m"),
    "kill inmet up": _kill("bin/inmet up"),
    "kill S3": _kill("guarded_ministack"),
    "kill the warehouse": _cloud(signal.SIGKILL),
    "restart the warehouse": _cloud(signal.SIGTERM),
    **{f"S3: {mode}": _proxied(_s3, mode) for mode in ("slow", "cut", "refuse", "unavailable")},
    **{
        f"Snowflake: {mode}": _proxied(_snowflake, mode)
        for mode in ("slow", "cut", "refuse", "unavailable", "refused statement")
    },
    "the disk of temporary files is full": _full_disk,
    "events are lost": _events(_lose),
    "events come twice": _events(_double),
    "events come late": _events(_delay),
}
# The clock does not jump here: it is the machine's.
