"""The sensor that starts a run when there are new raw objects."""

import json
import time
from datetime import UTC, datetime
from itertools import accumulate, takewhile

import dagster as dg
from pydantic import BaseModel

from inmet_platform.assets.dead_runs import end_dead_runs
from inmet_platform.assets.snowflake_raw import FILES_WAITING
from inmet_platform.intake.lost_events import Listing, newest_uploads, put_by_others
from inmet_platform.ledger.ledger import Ledger
from inmet_platform.resources.s3 import RawEventQueue, S3Bucket
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.storage.events import QueueDepth

# After a failed run the next one starts by itself, soon while an outage may be short; after so many
# failures the pause doubles with each.
FIRST_PAUSE_S = 60
SOON_S = 120
SOON_TIMES = 10
LONGEST_PAUSE_S = 3600
# How often the newest uploads are looked at, in case an event of theirs was lost, and how often
# what others put under raw/.
LOOK_EVERY_S = 45
LOOK_AT_OTHERS_EVERY_S = 600
# Once a day a run compares the whole bucket with the ledger: objects that others put there.
RECONCILE_EVERY_S = 86_400

# MySQL gives a run's config, and a cursor, 64 KB. A run is told keys of so many bytes; if there are
# more, the next look finds them.
MOST_LOST_BYTES = 40_000
# So many objects are known again when their listing has changed.
MOST_MARKS = 1000

NOTHING_WAITS = "No event of a new object under raw/ waits."

UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


class Look(BaseModel):
    """The last look at a listing: when, in epoch s, and digests of what was found."""

    at: float = 0.0
    complete: str = ""  # the digest of the listing that the ledger knew as a whole
    known: list[str] = []  # marks of its last objects
    asked: str = ""  # the digest of what was lost, and a run has been started for
    asked_at: float = 0.0
    asked_times: int = 0


class Cursor(BaseModel):
    """The queue of the last tick, and what was last compared with the ledger; times in epoch s."""

    queue_created_at: str = ""
    reconciled_at: float = 0.0
    newest: Look = Look()
    others: Look = Look()


@dg.sensor(
    job_name="inmet_intake",
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def raw_files_sensor(
    context: dg.SensorEvaluationContext,
    s3: S3Bucket,
    queue: RawEventQueue,
    warehouse: SnowflakeWarehouse,
) -> dg.SensorResult | dg.SkipReason:
    """Starts one run when events of new raw objects wait; its cost does not grow with the bucket.

    The run itself empties the queue, so one run takes all events that wait. An object whose event
    was lost is found in a short list: of the newest uploads, or of what others put under `raw/`.
    A queue that was made anew may have lost events. Then the run compares all of `raw/` with the
    ledger, as it does once a day and after a failed run.
    """
    depth = queue.events().depth()
    cursor = Cursor.model_validate_json(context.cursor or "{}")
    reconcile = _must_reconcile(depth, cursor) or _is_due_again(context.instance)
    now = time.time()
    looks = _due_looks(cursor, now)
    if not (depth.waiting or reconcile or looks):
        return dg.SkipReason(NOTHING_WAITS)
    busy = _unfinished_run(context.instance)
    # Dagster's monitoring tells dead runs too, unless somebody's dagster.yaml has another launcher.
    if busy and end_dead_runs(context.instance):
        busy = _unfinished_run(context.instance)
    if busy:
        return dg.SkipReason(
            f"{depth.waiting} event(s) wait; run {busy} is at work, the next tick starts its "
            "successor if it leaves any."
        )
    lost: list[str] = []
    if reconcile:
        cursor = Cursor(
            queue_created_at=depth.created_at,
            reconciled_at=now,
            newest=Look(at=now),
            others=Look(at=now),
        )
    elif looks:
        lost, cursor = _look(looks, s3, warehouse, cursor)
        if lost:
            context.log.warning(f"{len(lost)} object(s) are not in the ledger, such as {lost[0]}")
        elif not depth.waiting:
            return dg.SensorResult(skip_reason=NOTHING_WAITS, cursor=cursor.model_dump_json())
    ops = {"raw_s3_file": {"config": {"reconcile": reconcile, "found": _told_to_a_run(lost)}}}
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                run_config=dg.RunConfig(ops=ops),
                tags={"inmet/events_waiting": str(depth.waiting)},
            )
        ],
        cursor=cursor.model_dump_json(),
    )


# What is looked at, how often, and how it is listed.
LOOKS = {
    "newest": (LOOK_EVERY_S, newest_uploads),
    "others": (LOOK_AT_OTHERS_EVERY_S, put_by_others),
}


def _due_looks(cursor: Cursor, now: float) -> dict[str, Look]:
    looks = {name: getattr(cursor, name) for name in LOOKS}
    return {name: look for name, look in looks.items() if now - look.at > LOOKS[name][0]}


def _look(
    due: dict[str, Look], s3: S3Bucket, warehouse: SnowflakeWarehouse, cursor: Cursor
) -> tuple[list[str], Cursor]:
    """The objects that the ledger does not know; it is asked only when a listing has changed."""
    now = time.time()
    lost: list[str] = []
    for name, look in due.items():
        at = datetime.fromtimestamp(look.at, UTC)
        listing = LOOKS[name][1](s3.bucket(), datetime.fromtimestamp(now, UTC), at)
        unknown = Listing([])
        # A listing that has only become shorter holds nothing new.
        if listing.digest != look.complete and (new := listing.without(look.known)).objects:
            with warehouse.session("dagster:sensor:raw_files_sensor") as session:
                unknown = new.unknown_to(Ledger(session))
        seen = look.model_copy(update={"at": now})
        if not unknown.objects:
            seen.complete, seen.known = listing.digest, listing.marks[-MOST_MARKS:]
        elif _asks(unknown, look, now):
            times = look.asked_times + 1 if unknown.digest == look.asked else 1
            seen.asked, seen.asked_at, seen.asked_times = unknown.digest, now, times
            lost += [it.key for it in unknown.objects]
        cursor = cursor.model_copy(update={name: seen})
    return lost, cursor


def _told_to_a_run(lost: list[str]) -> list[str]:
    """As many of the keys as fit into a run's config, and one at least."""
    sizes = accumulate(len(json.dumps(key)) for key in lost)
    fitting = sum(size <= MOST_LOST_BYTES for size in sizes)
    return lost[: max(fitting, 1)]


def _asks(unknown: Listing, look: Look, now: float) -> bool:
    """Whether a run is started for what the ledger does not know.

    Not for the same again, at first: its run is about to take it. Later S3 refuses it, or it is
    older than what the ledger has; the pause doubles.
    """
    pause_s = LOOK_AT_OTHERS_EVERY_S * 2.0 ** min(look.asked_times - 1, 8)
    return unknown.digest != look.asked or now - look.asked_at > pause_s


def _must_reconcile(depth: QueueDepth, cursor: Cursor) -> bool:
    overdue = time.time() - cursor.reconciled_at > RECONCILE_EVERY_S
    return overdue or depth.created_at != cursor.queue_created_at


def _unfinished_run(instance: dg.DagsterInstance) -> str | None:
    records = instance.get_run_records(dg.RunsFilter(statuses=UNFINISHED), limit=20)
    for record in records:
        if _takes_files(record.dagster_run):
            return record.dagster_run.run_id
    return None


def _takes_files(run: dg.DagsterRun) -> bool:
    """Whether the run makes the asset raw_s3_file, in whatever job."""
    chosen = run.asset_selection or set()
    return run.job_name in {"inmet_intake", "inmet_chain"} or dg.AssetKey("raw_s3_file") in chosen


def _is_due_again(instance: dg.DagsterInstance) -> bool:
    """Whether the newest runs left something to do, and the pause after the last one is over."""
    records = instance.get_run_records(dg.RunsFilter(statuses=ENDED), limit=50)
    taking = [record for record in records if _takes_files(record.dagster_run)]
    unfinished = list(takewhile(_left_something, taking))
    if not unfinished:
        return False
    ended = unfinished[0].end_time or unfinished[0].update_timestamp.timestamp()
    return bool(time.time() - ended > _pause_s(len(unfinished)))


def _pause_s(failures: int) -> int:
    """How long to wait after so many runs in a row that left something."""
    if failures <= SOON_TIMES:
        return min(FIRST_PAUSE_S << (failures - 1), SOON_S)
    return min(SOON_S << (failures - SOON_TIMES), LONGEST_PAUSE_S)


def _left_something(record: dg.RunRecord) -> bool:
    run = record.dagster_run
    return run.status == dg.DagsterRunStatus.FAILURE or FILES_WAITING in run.tags


automation = dg.AutomationConditionSensorDefinition(
    "automation",
    target=dg.AssetSelection.all(),
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Refreshes the CSV and the model when what they are made of has changed.",
)
