"""What S3 refuses to give: nothing waits for it, nothing is lost, somebody is told."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest

from inmet_platform.checks.files import no_event_is_dead
from inmet_platform.command.doctor import examine
from inmet_platform.errors import StorageError
from inmet_platform.intake.intake import Intake
from inmet_platform.resources.s3 import RawEventQueue
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents
from inmet_platform.warehouse.bootstrap import bootstrap
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.chain.chain import Chain, metadata_of
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.infra.account import PATH, Account, Stack, await_true
from inmet_platform_tests.infra.grants import Calls, settings_of


def test_an_event_that_fails_each_time_stops_no_other_and_is_told(
    account: Account, stack: Stack, tmp_path: Path, calls: Calls
) -> None:
    settings = settings_of(account, stack, tmp_path, "Platform")
    list(bootstrap(settings))
    _forbid(account, stack, f"{PATH}raw/forbidden*")
    owner = account.client("s3")
    keys = [f"{PATH}raw/{name}" for name in ("a", "forbidden", "b", "c")]
    for key in keys:
        owner.put_object(Bucket=stack.bucket, Key=key, Body=b"x")
    events = RawEvents(RawEvents.from_settings(settings).client, stack.queue, hidden_s=1)
    said: list[str] = []
    with open_session(settings, tag="test") as session:
        intake = Intake(Bucket.from_settings(settings), events, session, "test", said.append)
        intake.find([], reconcile=False, force=False)
        assert set(intake.ledger.known_etags()) == {keys[0], keys[2], keys[3]}
        assert "raw/forbidden is left in the queue: " in said[0]
        while not _dead(events):
            intake.find([], reconcile=False, force=False)
            await_true(lambda: events.depth().waiting or _dead(events))
        owner.put_object(Bucket=stack.bucket, Key=f"{PATH}raw/later", Body=b"x")
        intake.find([], reconcile=False, force=False)
        assert f"{PATH}raw/later" in intake.ledger.known_etags()
    assert len(said) <= 5
    [told] = [finding for finding in examine(settings.home) if finding.name == "dead letters"]
    assert not told.well
    assert f"1 event(s) failed each time and lie in {stack.queue}-dead" in told.sentence
    checked = no_event_is_dead(RawEventQueue(home=str(settings.home)))
    assert isinstance(checked, dg.AssetCheckResult)
    assert not checked.passed
    assert checked.metadata["dead events"].value == 1


def test_an_object_that_s3_refuses_is_passed_by_until_it_may_be_read(
    account: Account, stack: Stack, tmp_path: Path, calls: Calls
) -> None:
    settings = settings_of(account, stack, tmp_path, "Platform")
    list(bootstrap(settings))
    before = _forbid(account, stack, f"{PATH}raw/forbidden*")
    owner, chain = account.client("s3"), Chain(settings, tmp_path)
    forbidden = small_portal_file("A002", hours=24)
    owner.put_object(Bucket=stack.bucket, Key=f"{PATH}raw/forbidden.CSV", Body=forbidden)
    chain.put("a.CSV", small_portal_file(hours=72))
    for _ in range(2):
        metadata = metadata_of(chain.run(), "raw_s3_file")
        assert metadata["passed_by"] == 1
        assert "raw/forbidden.CSV is passed by until the next run: S3 at" in metadata["refusals"]
        assert chain.states() == {"a.CSV": "clean", "forbidden.CSV": "received"}
    owner.put_bucket_policy(Bucket=stack.bucket, Policy=before)
    chain.run()
    assert chain.states() == {"a.CSV": "clean", "forbidden.CSV": "clean"}


def test_a_bucket_that_refuses_all_leaves_every_event_where_it_is(
    account: Account, stack: Stack, tmp_path: Path, calls: Calls
) -> None:
    settings = settings_of(account, stack, tmp_path, "Platform")
    list(bootstrap(settings))
    account.client("s3").put_object(Bucket=stack.bucket, Key=f"{PATH}raw/a", Body=b"x")
    without = account.home(tmp_path / "other", stack, account.user())
    events = RawEvents.from_settings(settings)
    with open_session(settings, tag="test") as session:
        intake = Intake(Bucket.from_settings(without), events, session, "test", lambda _: None)
        with pytest.raises(StorageError, match="refused to open the bucket"):
            intake.find([], reconcile=False, force=False)
    assert account.messages(f"{stack.queue}-dead") == []


def _forbid(account: Account, stack: Stack, pattern: str) -> str:
    """Deny a pattern of keys to everybody; return the policy of before."""
    s3 = account.client("s3")
    before = str(s3.get_bucket_policy(Bucket=stack.bucket)["Policy"])
    policy = json.loads(before)
    policy["Statement"].append(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{stack.bucket}/{pattern}",
        }
    )
    s3.put_bucket_policy(Bucket=stack.bucket, Policy=json.dumps(policy))
    return before


def _dead(events: RawEvents) -> int:
    dead = events.dead_letters()
    assert dead
    return dead.count
