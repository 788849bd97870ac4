"""Bootstrap of an account stops at the trust policy, shows it, and goes on when called again."""

from __future__ import annotations

import json
from pathlib import Path

import boto3
import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import TrustMissing
from inmet_platform.warehouse.bootstrap import bootstrap, plan
from inmet_platform.warehouse.session import open_session
from inmet_platform.warehouse.sql import Statements
from inmet_platform_tests.embedded import EmbeddedCloud, write_home
from inmet_platform_tests.signing import write_key_pair


@pytest.fixture
def admin(embedded_cloud: EmbeddedCloud, tmp_path: Path) -> Settings:
    """A tenant that nobody has bootstrapped, whose account objects are to be made, too."""
    name = f"T{abs(hash(tmp_path)) % 10**9}"
    _, public = write_key_pair(tmp_path, "loader")
    return write_home(
        tmp_path / "admin",
        **embedded_cloud.ports,
        S3_BUCKET=f"bucket-{name.lower()}",
        RAW_EVENTS_QUEUE=f"queue-{name}",
        SNOWFLAKE_DATABASE=name,
        SNOWFLAKE_STORAGE_INTEGRATION=f"{name}_s3",
        BOOTSTRAP_ACCOUNT="true",
        SNOWFLAKE_STORAGE_ROLE_ARN=f"arn:aws:iam::000000000000:role/{name}",
        SNOWFLAKE_STORAGE_EXTERNAL_ID=f"ours-{name}",
        SNOWFLAKE_LOADER_PUBLIC_KEY_PATH=str(public),
    )


def _bootstrap(settings: Settings) -> list[str]:
    sentences = []
    try:
        for sentence in bootstrap(settings):
            sentences.append(sentence)
    except TrustMissing as error:
        sentences.append(str(error))
    return sentences


def _role(settings: Settings) -> str:
    assert settings.snowflake_storage_role_arn
    return settings.snowflake_storage_role_arn.rpartition("/")[2]


def test_bootstrap_stops_at_the_trust_policy_shows_it_and_goes_on(
    admin: Settings, tmp_path: Path
) -> None:
    iam = boto3.client("iam", **admin.aws_client_arguments())
    nobody = {"Version": "2012-10-17", "Statement": []}
    iam.create_role(RoleName=_role(admin), AssumeRolePolicyDocument=json.dumps(nobody))
    *_, shown, told = _bootstrap(admin)
    assert "Paste the JSON above as the role's trust policy" in told
    policy = json.loads(shown)
    [statement] = policy["Statement"]
    assert statement["Condition"]["StringEquals"] == {
        "sts:ExternalId": admin.snowflake_storage_external_id
    }

    another = json.dumps(policy).replace("ours-", "another-")
    iam.update_assume_role_policy(RoleName=_role(admin), PolicyDocument=another)
    assert "is not authorized to perform: sts:AssumeRole" in _bootstrap(admin)[-1]

    iam.update_assume_role_policy(RoleName=_role(admin), PolicyDocument=shown)
    for _ in range(2):
        sentences = _bootstrap(admin)
        assert any(sentence.endswith("Snowflake gets in") for sentence in sentences)
        assert sentences[-1].startswith("notifications of")

    text = (admin.home / ".env").read_text(encoding="utf-8")
    values = dict(line.split("=", 1) for line in text.splitlines())
    name = f"{admin.snowflake_database}_LOADER"
    loader = write_home(
        tmp_path / "loader",
        **{
            **values,
            "BOOTSTRAP_ACCOUNT": "false",
            "SNOWFLAKE_USER": name,
            "SNOWFLAKE_ROLE": name,
            "SNOWFLAKE_PASSWORD": "",
            "SNOWFLAKE_PRIVATE_KEY_PATH": str(tmp_path / "loader.p8"),
        },
    )
    with open_session(loader, tag="test") as session:
        assert session.query("clean/count_observations")[0]["row_count"] == 0


def test_a_dry_run_of_an_account_prints_every_statement_in_order(admin: Settings) -> None:
    steps = "\n".join(plan(admin))
    order = [
        f"CREATE ROLE IF NOT EXISTS {admin.owner_role};",
        "AUTO_SUSPEND = 60",
        "STORAGE_AWS_EXTERNAL_ID = 'ours-",
        "-- the manual step, once",
        "CREATE TABLE IF NOT EXISTS RAW.OBSERVATIONS",
        f"GRANT SELECT, INSERT ON TABLE RAW.OBSERVATIONS TO ROLE {admin.owner_role};",
        f"-- as {admin.owner_role}:",
        "CREATE PIPE IF NOT EXISTS RAW.OBSERVATIONS_PIPE",
        "-- as the role of the session:",
        "CREATE OR REPLACE VIEW CLEAN.DAILY",
        "GRANT MONITOR, OPERATE ON PIPE RAW.OBSERVATIONS_PIPE",
        "SET RSA_PUBLIC_KEY = 'MII",
        "notify queue",
    ]
    places = [steps.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert f"USER {admin.snowflake_database}_READER SET" not in steps, "no key was given for it"
    assert f"TO USER {admin.owner_role}" not in steps, "nobody signs in with the owner"


def test_an_error_integration_is_written_into_the_pipes(tmp_path: Path) -> None:
    without = Statements(write_home(tmp_path / "a")).text("ddl/40_create_pipe_observations")
    assert "ERROR_INTEGRATION" not in without
    home = write_home(tmp_path / "b", SNOWFLAKE_ERROR_INTEGRATION="INMET_ERRORS")
    for name in ("40_create_pipe_observations", "41_create_pipe_station_headers"):
        assert "ERROR_INTEGRATION = INMET_ERRORS" in Statements(home).text(f"ddl/{name}")
