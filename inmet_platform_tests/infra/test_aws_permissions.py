"""The platform's own code with the keys of users that may what infra/aws says, and no more.

Every call is one of the real code against an endpoint that enforces IAM; each is also written
down, so that a permission that no code needs is found as well.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import pytest
from fastapi.testclient import TestClient

from inmet_platform.checks.files import no_event_is_dead
from inmet_platform.command.doctor import examine
from inmet_platform.config.settings import Settings
from inmet_platform.errors import StorageError
from inmet_platform.intake.intake import Intake
from inmet_platform.ledger.receiving import describe, store
from inmet_platform.resources.s3 import RawEventQueue
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents
from inmet_platform.warehouse.bootstrap import bootstrap
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.chain.chain import Chain, metadata_of
from inmet_platform_tests.embedded import ROOT
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.infra.conftest import Account, Stack, await_true
from local_cloud.ingestion import QUEUE_NAME
from upload_service.app import create_app

PATH = "inmet/"
Calls = list[tuple[str, dict[str, Any]]]
# Over 8 MB, so that it goes by parts.
LARGE = small_portal_file(hours=110_000)

# AWS's service authorization reference: what a caller needs for each operation.
ACTIONS = {
    "HeadBucket": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "HeadObject": "s3:GetObject",
    "GetObject": "s3:GetObject",
    "PutObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
    "DeleteObject": "s3:DeleteObject",
    "GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "GetQueueUrl": "sqs:GetQueueUrl",
    "GetQueueAttributes": "sqs:GetQueueAttributes",
    "ReceiveMessage": "sqs:ReceiveMessage",
    "DeleteMessageBatch": "sqs:DeleteMessage",
}


@pytest.fixture
def stack(account: Account) -> Stack:
    """Bucket and queues, and Snowpipe's channel, which the embedded Snowflake made."""
    return account.deploy(S3Path=PATH, SnowpipeChannelArn=account.channel(QUEUE_NAME))


def _settings(account: Account, stack: Stack, folder: Path, *outputs: str) -> Settings:
    keys = account.user(*(stack.outputs[f"{name}PolicyArn"] for name in outputs))
    return account.home(folder, stack, keys)


def _used(calls: Calls) -> set[tuple[str, str]]:
    """Action and what it was done to: a prefix of the bucket, the bucket, or a queue."""
    return {(ACTIONS[name], _object_of(params)) for name, params in calls}


def _object_of(params: dict[str, Any]) -> str:
    if "Key" in params:
        return str(params["Key"]).removeprefix(PATH).partition("/")[0]
    if "Bucket" in params:
        return "bucket"
    name = str(params.get("QueueName") or params["QueueUrl"])
    return "dead queue" if name.endswith("-dead") else "queue"


def _granted(account: Account, stack: Stack, output: str) -> set[tuple[str, str]]:
    iam, arn = account.client("iam"), stack.outputs[f"{output}PolicyArn"]
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return {
        (action, _resource(resource))
        for statement in document["Statement"]
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    }


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _resource(arn: str) -> str:
    if ":sqs:" in arn:
        return "dead queue" if arn.endswith("-dead") else "queue"
    key = arn.partition("/")[2]
    return key.removeprefix(PATH).removesuffix("/*") if key else "bucket"


class _Broken(io.BytesIO):
    """A sender that breaks off in the second part."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 8_000_000:
            raise OSError("broken off")
        return super().read(size)


def _break_off(bucket: Bucket) -> None:
    with pytest.raises(OSError, match="broken off"):
        bucket.put_raw(_Broken(b"x" * 20_000_000), "a.CSV", {})


def test_the_upload_service_needs_what_its_policy_grants(
    account: Account, stack: Stack, tmp_path: Path, calls: Calls
) -> None:
    settings = _settings(account, stack, tmp_path, "Upload")
    with TestClient(create_app(settings)) as client:
        for data, code in ((LARGE, 201), (LARGE, 200)):
            answer = client.post("/upload", files={"file": ("a.CSV", data)})
            assert answer.status_code == code, answer.text
        [received] = answer.json()["files"]
        assert client.get(f"/uploads/{received['file']['id']}").status_code == 200
        assert client.get("/uploads/none").status_code == 404
        assert client.get("/ready").status_code == 200
    _break_off(Bucket.from_settings(settings))
    assert {"CreateMultipartUpload", "AbortMultipartUpload"} <= {name for name, _ in calls}
    assert _used(calls) == _granted(account, stack, "Upload")


def test_the_upload_service_may_not_touch_what_is_the_platforms(
    account: Account, stack: Stack, tmp_path: Path, calls: Calls
) -> None:
    settings = _settings(account, stack, tmp_path, "Upload")
    bucket, events = Bucket.from_settings(settings), RawEvents.from_settings(settings)
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(StorageError, match="AccessDenied"):
        events.depth()
    for attempt in (
        lambda: bucket.delete(f"{PATH}raw/a"),
        lambda: bucket.download(f"{PATH}export/a", tmp_path / "b"),
        lambda: bucket.client.upload_file(
            str(tmp_path / "file"), bucket.name, f"{PATH}landing/observations/a"
        ),
    ):
        with pytest.raises(Exception, match=r"AccessDenied|403"):
            attempt()


def test_the_chain_runs_on_the_stack_and_needs_what_the_platforms_policy_grants(
    account: Account, stack: Stack, tmp_path: Path, calls: Calls
) -> None:
    settings = _settings(account, stack, tmp_path, "Platform")
    # The stack has joined the notifications, so the platform itself need not be allowed to.
    assert list(bootstrap(settings))[-1].endswith("0 other(s) kept")
    chain = Chain(settings, tmp_path)
    chain.put("a.zip", zip_of({"a.CSV": small_portal_file(hours=72)}))
    with io.BytesIO(small_portal_file("A002", hours=48)) as stream:
        store(chain.bucket, stream, describe(stream, "b.CSV"), {})  # as `inmet archive` does
    chain.run(config={"raw_s3_file": {"reconcile": False}})
    chain.run()  # compares raw/ with the ledger
    assert chain.states() == {"a.zip": "clean", "b.CSV": "clean"}
    assert chain.count("CLEAN.OBSERVATIONS") == 72 + 48
    assert len(chain.csv.read_text().splitlines()) == 1 + 72 + 48
    wrong = {finding.name for finding in examine(settings.home) if not finding.well}
    assert wrong <= {"upload service"}
    _break_off(chain.bucket)
    # landing/ is put by the same transfer as raw/, whose breaking off was seen.
    used = _used(calls) | {("s3:AbortMultipartUpload", "landing")}
    assert used == _granted(account, stack, "Platform")


def test_bootstrap_joins_what_the_stack_did_not_and_the_stack_agrees_afterwards(
    account: Account, tmp_path: Path, calls: Calls
) -> None:
    stack, channel = account.deploy(S3Path=PATH), account.channel(QUEUE_NAME)
    platform = _settings(account, stack, tmp_path / "platform", "Platform")
    with pytest.raises(StorageError, match="SnowpipeChannelArn") as caught:
        list(bootstrap(platform))
    assert channel in str(caught.value)
    operator = _settings(account, stack, tmp_path / "operator", "Platform", "Bootstrap")
    calls.clear()
    list(bootstrap(operator))
    assert _granted(account, stack, "Bootstrap") <= _used(calls)
    ask = account.client("s3").get_bucket_notification_configuration
    merged = ask(Bucket=stack.bucket)["QueueConfigurations"]
    account.deploy(stack, SnowpipeChannelArn=channel)
    updated = ask(Bucket=stack.bucket)["QueueConfigurations"]
    assert _without_names(merged) == _without_names(updated)
    calls.clear()
    list(bootstrap(platform))
    assert "PutBucketNotificationConfiguration" not in {name for name, _ in calls}


def _without_names(entries: list[dict[str, Any]]) -> list[str]:
    return sorted(str({**entry, "Id": None}) for entry in entries)


def test_every_aws_call_in_the_code_is_one_that_these_tests_make() -> None:
    """A call that somebody adds must be added to ACTIONS, and so to a policy, first."""
    of_the_owner = {"create_bucket", "create_queue", "set_queue_attributes"}
    helpers = {
        "upload_fileobj": "PutObject",
        "upload_file": "PutObject",
        "download_file": "GetObject",
        # A copy within landing/, by parts when it is large: read there and put there.
        "copy": "PutObject",
        "get_paginator": "ListObjectsV2",
    }
    found = set()
    for folder in ("inmet_platform", "upload_service"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text()
            if "boto3" in text or "Bucket.from_settings" in text or "RawEvents" in text:
                found |= set(re.findall(r"(?:self|bucket)\.client\.([a-z_]+)\(", text))
                found |= set(re.findall(r"\bclient\.([a-z_]+)\(\s*(?:QueueUrl|QueueName)", text))
    operations = {
        **boto3.client("s3", region_name="us-east-1").meta.method_to_api_mapping,
        **boto3.client("sqs", region_name="us-east-1").meta.method_to_api_mapping,
    }
    named = {helpers.get(name) or operations[name] for name in found - of_the_owner}
    assert len(named) >= 10
    assert named <= set(ACTIONS)


def test_an_event_that_fails_each_time_stops_no_other_and_is_told(
    account: Account, stack: Stack, tmp_path: Path, calls: Calls
) -> None:
    settings = _settings(account, stack, tmp_path, "Platform")
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
        assert intake.ledger.known_keys() == {keys[0], keys[2], keys[3]}
        assert "raw/forbidden is left in the queue: " in said[0]
        while not _dead(events):
            intake.find([], reconcile=False, force=False)
            await_true(lambda: events.depth().waiting or _dead(events))
        owner.put_object(Bucket=stack.bucket, Key=f"{PATH}raw/later", Body=b"x")
        intake.find([], reconcile=False, force=False)
        assert f"{PATH}raw/later" in intake.ledger.known_keys()
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
    settings = _settings(account, stack, tmp_path, "Platform")
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
    settings = _settings(account, stack, tmp_path, "Platform")
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
