"""What must hold at the end: CLEAN as after a calm load, nothing lost, nothing left."""

from __future__ import annotations

import time
from pathlib import Path

import httpx

from inmet_platform.config.settings import Settings
from inmet_platform.errors import WarehouseError
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.chain.stages import run_stages
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.soak.world import World

QUIET_DEADLINE_S = 300.0
ENDED = frozenset({"clean", "rejected", "duplicate"})

_CLEAN = "SELECT * FROM CLEAN.OBSERVATIONS ORDER BY station_id, observed_at"
# An hour of one reading stands once in RAW, however often its file was landed.
_DOUBLED = (
    "SELECT COUNT(*) AS doubled FROM (SELECT 1 FROM RAW.OBSERVATIONS "
    "GROUP BY reading_id, landing_key, observed_at, station_id HAVING COUNT(*) > 1)"
)


def seconds_to_quiet(world: World) -> float:
    """How long it takes until every accepted upload and every object has come to an end.

    Raises:
        AssertionError: it takes more than `QUIET_DEADLINE_S`; with what still waits.
    """
    began = time.monotonic()
    while waiting := _waiting(world):
        passed = time.monotonic() - began
        assert passed < QUIET_DEADLINE_S, f"after {passed:.0f} s still: {waiting[:10]}"
        time.sleep(1.0)
    return time.monotonic() - began


def _waiting(world: World) -> list[str]:
    waiting = []
    for sent in world.tally.sent:
        if sent.id:
            state = _state(world.settings, sent.id)
            if state not in ENDED:
                waiting.append(f"{sent.name}: {state}")
    if waiting:
        return waiting
    try:
        with open_session(world.cloud.settings, tag="soak") as session:
            rows = session.query_text("SELECT raw_key, state FROM RAW.FILES")
    except WarehouseError as error:
        return [str(error)]
    states = {row["raw_key"]: row["state"] for row in rows}
    keys = [item.key for item in world.bucket.list_raw()]
    return [f"{key}: {states.get(key)}" for key in keys if states.get(key) not in ENDED]


def _state(settings: Settings, upload_id: str) -> str:
    try:
        answer = httpx.get(f"{settings.upload_url}/uploads/{upload_id}", timeout=5.0)
        return str(answer.json().get("state", answer.status_code))
    except (httpx.HTTPError, ValueError) as error:
        return type(error).__name__


def judge(world: World, folder: Path) -> list[str]:
    """One sentence for each thing that does not hold."""
    found = [
        f"{sent.name}: status {sent.status} without a reason"
        for sent in world.tally.sent
        if sent.status >= 400 and not sent.reason
    ]
    with open_session(world.cloud.settings, tag="soak") as session:
        ours = [_told(row) for row in session.query_text(_CLEAN)]
        [doubled] = session.query_text(_DOUBLED)
        rejected = session.query_text(
            "SELECT raw_key FROM RAW.FILES WHERE state = 'rejected' AND error IS NULL"
        )
    theirs = calm_load(world, folder)
    if ours != theirs:
        differ = sum(one != other for one, other in zip(ours, theirs, strict=False))
        found.append(f"CLEAN: {len(ours)} hours, calmly {len(theirs)}; {differ} rows differ")
    if doubled["doubled"]:
        found.append(f"RAW: {doubled['doubled']} hours of a landing file stand more than once")
    found += [f"{row['raw_key']} is refused without a reason" for row in rejected]
    # Dagster, when it is killed, leaves files of its own, which nobody else can tell from others.
    found += [f"a temporary file is left: {path}" for path in world.temporary.glob("inmet-*")]
    return found


def calm_load(world: World, folder: Path) -> list[str]:
    """CLEAN's rows after the same objects went through a chain that nobody disturbs."""
    cloud = EmbeddedCloud(folder / "calm")
    cloud.start()
    try:
        settings = cloud.tenant(folder / "calm-home")
        bucket = Bucket.from_settings(settings)
        path = folder / "object"
        for item in world.bucket.list_raw():
            metadata = world.bucket.download_raw(item.key, item.size_bytes, path)
            metadata["received-at"] = item.last_modified.isoformat()
            with path.open("rb") as stream:
                bucket.restore_raw(stream, item.key.removeprefix(world.bucket.raw_prefix), metadata)
        run_stages(settings, "calm", "merge", lambda _: None)
        with open_session(settings, tag="soak") as session:
            return [_told(row) for row in session.query_text(_CLEAN)]
    finally:
        cloud.stop()


def _told(row: dict[str, object]) -> str:
    """A row without what tells of the load; an event tells an edition's time in whole seconds."""
    kept = {name: it for name, it in row.items() if name not in {"merged_at", "edition_at"}}
    return repr(kept)
