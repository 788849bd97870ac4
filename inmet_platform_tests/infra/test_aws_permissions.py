"""The platform's own code with the keys of users that may what infra/aws says, and no more.

Every call is one of the real code against an endpoint that enforces IAM; each is also written
down, so that a permission that no code needs is found as well.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
from fastapi.testclient import TestClient

from inmet_platform.command.doctor import examine
from inmet_platform.errors import StorageError
from inmet_platform.ledger.receiving import describe, store
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents
from inmet_platform.warehouse.bootstrap import bootstrap
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import ROOT
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.infra.account import PATH, Account, Stack
from inmet_platform_tests.infra.grants import ACTIONS, Calls, granted, settings_of, used
from local_cloud.channel import QUEUE_NAME
from upload_service.app import create_app


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
    settings = settings_of(account, stack, tmp_path, "Upload")
    large = small_portal_file(hours=110_000)  # over 8 MB, so that it goes by parts
    with TestClient(create_app(settings), base_url=settings.upload_url) as client:
        for data, code in ((large, 201), (large, 200)):
            answer = client.post("/upload", files={"file": ("a.CSV", data)})
            assert answer.status_code == code, answer.text
        [received] = answer.json()["files"]
        assert client.get(f"/uploads/{received['file']['id']}").status_code == 200
        assert client.get("/uploads/none").status_code == 404
        assert client.get("/ready").status_code == 200
    _break_off(Bucket.from_settings(settings))
    assert {"CreateMultipartUpload", "AbortMultipartUpload"} <= {name for name, _ in calls}
    assert used(calls) == granted(account, stack, "Upload")


def test_the_upload_service_may_not_touch_what_is_the_platforms(
    account: Account, stack: Stack, tmp_path: Path, calls: Calls
) -> None:
    settings = settings_of(account, stack, tmp_path, "Upload")
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
    settings = settings_of(account, stack, tmp_path, "Platform")
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
    # landing/ is put by the same transfer as raw/, whose breaking off was seen; a file that goes by
    # parts is asked for first.
    needed = used(calls) | {("s3:AbortMultipartUpload", "landing"), ("s3:GetObject", "landing")}
    assert needed == granted(account, stack, "Platform")


def test_bootstrap_joins_what_the_stack_did_not_and_the_stack_agrees_afterwards(
    account: Account, tmp_path: Path, calls: Calls
) -> None:
    stack, channel = account.deploy(S3Path=PATH), account.channel(QUEUE_NAME)
    platform = settings_of(account, stack, tmp_path / "platform", "Platform")
    with pytest.raises(StorageError, match="SnowpipeChannelArn") as caught:
        list(bootstrap(platform))
    assert channel in str(caught.value)
    operator = settings_of(account, stack, tmp_path / "operator", "Platform", "Bootstrap")
    bucket = Bucket.from_settings(operator)
    bucket.client.put_object(Bucket=bucket.name, Key=f"{bucket.landing_prefix}a", Body=b"x")
    calls.clear()
    list(bootstrap(operator))
    bucket.delete_landing()  # as `inmet rebuild` does
    assert granted(account, stack, "Bootstrap") <= used(calls)
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
