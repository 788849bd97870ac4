"""The account of all tests of a worker, a deployed stack, and what the platform asks of AWS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.infra.account import PATH, Account, Stack, over_tls
from local_cloud.channel import QUEUE_NAME


@pytest.fixture(scope="session")
def account(
    tmp_path_factory: pytest.TempPathFactory, _no_settings_from_outside: None
) -> Iterator[Account]:
    cloud = EmbeddedCloud(
        tmp_path_factory.mktemp("account"),
        {"SERVICES": "s3,sqs,iam,sts,cloudformation", "AUTH": "true"},
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
    )
    cloud.start()
    yield Account(cloud)
    cloud.stop()


@pytest.fixture
def stack(account: Account) -> Stack:
    """Bucket and queues, and Snowpipe's channel, which the embedded Snowflake made."""
    return account.deploy(S3Path=PATH, SnowpipeChannelArn=account.channel(QUEUE_NAME))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Every AWS call of the platform's own clients, which speak as if over TLS."""
    made: list[tuple[str, dict[str, Any]]] = []
    session = boto3.Session()
    session.events.register("before-send", over_tls)

    def write_down(params: dict[str, Any], model: Any, **_: Any) -> None:
        made.append((model.name, dict(params)))

    for service in ("s3", "sqs"):  # Snowflake's connector asks STS on its own
        session.events.register(f"provide-client-params.{service}", write_down)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
    return made
