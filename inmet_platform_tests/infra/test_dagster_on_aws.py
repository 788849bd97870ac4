"""The instance on AWS: its classes take its config, and the log of a run is in the bucket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import pytest
import yaml
from dagster._config import resolve_to_config_type, validate_config
from dagster._core.instance.config import dagster_instance_config_schema
from dagster_aws.ecs import EcsRunLauncher
from dagster_aws.s3 import S3ComputeLogManager

from inmet_platform_tests.embedded import ROOT, EmbeddedCloud

BUCKET = "logs-of-runs"


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    text = (ROOT / "infra" / "dagster" / "dagster.aws.yaml").read_text()
    return dict(yaml.safe_load(text))


def test_the_file_and_the_launchers_part_are_valid_by_their_own_schema(
    config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = validate_config(resolve_to_config_type(dagster_instance_config_schema()), config)
    assert whole.success, whole.errors
    launcher = config["run_launcher"]
    assert launcher["class"] == EcsRunLauncher.__name__
    assert launcher["module"] == "dagster_aws.ecs"
    part = validate_config(resolve_to_config_type(EcsRunLauncher.config_type()), launcher["config"])
    assert part.success, part.errors
    wrong = {**launcher["config"], "container": "dagster-code"}
    assert not validate_config(resolve_to_config_type(EcsRunLauncher.config_type()), wrong).success


@pytest.fixture
def s3(embedded_cloud: EmbeddedCloud, tmp_path: Path) -> Iterator[Any]:
    """The embedded S3, found by the environment as a container finds AWS."""
    settings = embedded_cloud.storage(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        arguments = settings.aws_client_arguments()
        patch.setenv("AWS_ENDPOINT_URL", arguments["endpoint_url"])
        patch.setenv("AWS_ACCESS_KEY_ID", arguments["aws_access_key_id"])
        patch.setenv("AWS_SECRET_ACCESS_KEY", arguments["aws_secret_access_key"])
        patch.setenv("AWS_DEFAULT_REGION", arguments["region_name"])
        patch.setenv("DAGSTER_LOGS_BUCKET", BUCKET)
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


@dg.asset
def talkative() -> None:
    print("this is kept")  # noqa: T201


def test_the_log_of_a_run_is_in_the_bucket(config: dict[str, Any], s3: Any, tmp_path: Path) -> None:
    home = tmp_path / "dagster"
    home.mkdir()
    logs = {"compute_logs": config["compute_logs"], "telemetry": {"enabled": False}}
    (home / "dagster.yaml").write_text(yaml.safe_dump(logs))
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert isinstance(instance.compute_log_manager, S3ComputeLogManager)
        job = dg.Definitions([talkative], executor=dg.in_process_executor)
        done = job.resolve_implicit_global_asset_job_def().execute_in_process(instance=instance)
    stored = s3.list_objects_v2(Bucket=BUCKET, Prefix="dagster-logs/")["Contents"]
    [key] = [it["Key"] for it in stored if it["Key"].endswith(".out")]
    assert done.run_id in key
    assert b"this is kept" in s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
