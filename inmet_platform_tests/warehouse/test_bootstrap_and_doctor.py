"""What is missing is made, what is there is left, and what is wrong is told with its remedy."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from inmet_platform.command.doctor import examine
from inmet_platform.config.settings import Settings
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLE_NAMES
from inmet_platform.intake.members_to_parquet import OBSERVATIONS_SCHEMA, PUBLISHED_VALUES_SCHEMA
from inmet_platform.intake.station_headers import STATION_HEADERS_SCHEMA
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import DeadLetters, RawEvents
from inmet_platform.warehouse.bootstrap import bootstrap, plan
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.embedded import EmbeddedCloud, free_port, write_home

# The port of the discard protocol, which nothing serves any more.
NOBODY = "http://127.0.0.1:9"


def _findings(home: Path) -> dict[str, tuple[bool, str]]:
    return {finding.name: (finding.well, finding.sentence) for finding in examine(home)}


def test_bootstrap_twice_changes_nothing_and_keeps_other_notifications(settings: Settings) -> None:
    bucket = Bucket.from_settings(settings)
    ask = bucket.client.get_bucket_notification_configuration
    configuration = ask(Bucket=bucket.name)
    other = {
        "Id": "somebody-elses",
        "QueueArn": configuration["QueueConfigurations"][0]["QueueArn"],
        "Events": ["s3:ObjectRemoved:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "photos/"}]}},
    }
    bucket.client.put_bucket_notification_configuration(
        Bucket=bucket.name,
        NotificationConfiguration={
            "QueueConfigurations": [*configuration["QueueConfigurations"], other]  # type: ignore[list-item]
        },
    )
    for _ in range(2):
        sentences = list(bootstrap(settings))
        entries = {entry["Id"] for entry in ask(Bucket=bucket.name)["QueueConfigurations"]}
        assert entries == {"inmet-raw", "inmet-landing", "somebody-elses"}
    assert sentences[-1].endswith("1 other(s) kept")


def test_a_queue_of_before_gets_a_dead_letter_queue_and_keeps_its_messages(
    embedded_cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    settings = write_home(
        tmp_path,
        **embedded_cloud.ports,
        S3_BUCKET="bucket-of-before",
        RAW_EVENTS_QUEUE="queue-of-before",
        SNOWFLAKE_DATABASE="DB_OF_BEFORE",
    )
    events = RawEvents.from_settings(settings)
    url = events.client.create_queue(QueueName="queue-of-before")["QueueUrl"]
    events.client.send_message(QueueUrl=url, MessageBody="{}")
    assert events.dead_letters() is None
    well, said = _findings(settings.home)["dead letters"]
    assert not well
    assert "queue-of-before has no dead-letter queue" in said
    for _ in range(2):
        list(bootstrap(settings))
    assert events.dead_letters() == DeadLetters("queue-of-before-dead", 0)
    assert events.depth().waiting == 2, "the message of before, and S3's test event"
    assert _findings(settings.home)["dead letters"][0]


def test_a_dry_run_prints_the_sql_and_calls_nothing(tmp_path: Path) -> None:
    nowhere = write_home(tmp_path, SNOWFLAKE_PORT=str(free_port()), SNOWFLAKE_DATABASE="DB_X")
    steps = list(plan(nowhere))
    assert "CREATE DATABASE IF NOT EXISTS DB_X;" in steps
    assert any("AUTO_INGEST = TRUE" in step for step in steps)


@pytest.mark.parametrize(
    ("table", "schema"),
    [
        ("OBSERVATIONS", OBSERVATIONS_SCHEMA),
        ("PUBLISHED_VALUES", PUBLISHED_VALUES_SCHEMA),
        ("STATION_HEADERS", STATION_HEADERS_SCHEMA),
    ],
    ids=["observations", "published_values", "station_headers"],
)
def test_raw_tables_have_the_columns_of_the_landing_files(
    shared_settings: Settings, table: str, schema: pa.Schema
) -> None:
    with open_session(shared_settings, tag="test") as session:
        columns = [row["name"] for row in session.query_text(f"DESC TABLE RAW.{table}")]
    assert columns == [
        *(name.upper() for name in schema.names),
        "LANDING_KEY",
        "LOADED_AT",
    ]


def test_clean_has_the_variables_of_the_schema(shared_settings: Settings) -> None:
    with open_session(shared_settings, tag="test") as session:
        columns = [row["name"] for row in session.query_text("DESC TABLE CLEAN.OBSERVATIONS")]
    assert [name.lower() for name in columns[2:19]] == list(VARIABLE_NAMES)
    assert [name.lower() for name in columns[19:36]] == list(FLAG_NAMES.values())


def test_the_doctor_finds_a_whole_platform_well_but_for_the_service_that_is_down(
    shared_settings: Settings,
) -> None:
    found = _findings(shared_settings.home)
    assert {name for name, (well, _) in found.items() if not well} <= {"upload service"}


@pytest.mark.parametrize(
    ("changes", "name", "sentence"),
    [
        ({"S3_BUCKET": ""}, "settings", "S3_BUCKET is not set; .env.example shows its form"),
        ({"SNOWFLAKE_USER": ""}, "settings", "SNOWFLAKE_USER is not set"),
        ({"S3_BUCKET": "no-such-bucket"}, "bucket", "Run `inmet bootstrap`, or set S3_BUCKET"),
        ({"RAW_EVENTS_QUEUE": "none"}, "raw events", "Run `inmet bootstrap`; check RAW_EVENTS"),
        ({"SNOWFLAKE_PASSWORD": "x"}, "sign-in", "Check SNOWFLAKE_USER and SNOWFLAKE_PASSWORD"),
        ({"SNOWFLAKE_DATABASE": "EMPTY_DB"}, "tables", "Run `inmet bootstrap`."),
        ({"SNOWFLAKE_DATABASE": "EMPTY_DB"}, "pipes", "Run `inmet bootstrap`."),
        (
            {"UPLOAD_URL": NOBODY},
            "upload service",
            "Start it with `inmet up`.",
        ),
        (
            {"MLFLOW_TRACKING_URI": NOBODY},
            "mlflow",
            "Start the MLflow server, or correct the address.",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(
    shared_settings: Settings,
    tmp_path: Path,
    changes: dict[str, str],
    name: str,
    sentence: str,
) -> None:
    lines = (shared_settings.home / ".env").read_text().splitlines()
    kept = [line for line in lines if line.partition("=")[0] not in changes]
    changed = [f"{key}={value}" for key, value in changes.items()]
    (tmp_path / ".env").write_text("\n".join([*kept, *changed]))
    well, said = _findings(tmp_path)[name]
    assert not well
    assert sentence in said


def test_the_doctor_tells_a_wrong_port_apart_from_a_wrong_password(
    embedded_cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    wrong = {
        "SNOWFLAKE_PORT": str(free_port()),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}",
    }
    write_home(tmp_path, **{**embedded_cloud.ports, **wrong})
    found = _findings(tmp_path)
    assert "did not answer" in found["bucket"][1]
    assert "AWS_ENDPOINT_URL" in found["bucket"][1]
    assert "SNOWFLAKE_HOST and SNOWFLAKE_PORT" in found["sign-in"][1]
    first = {"dead letters": "raw events", "notifications": "bucket", "tables": "sign-in"}
    assert {name: found[name] for name in first} == {
        name: (False, f"not looked at: first mend {other}.") for name, other in first.items()
    }


def test_a_dotenv_that_others_may_read_is_told(settings: Settings) -> None:
    assert _findings(settings.home)[".env"][0]
    (settings.home / ".env").chmod(0o644)
    well, said = _findings(settings.home)[".env"]
    assert not well
    assert "expected mode 600; found 644" in said
