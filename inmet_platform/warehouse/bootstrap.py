"""Creates what is missing on the configured endpoints, in order; it changes nothing that exists.

1. With BOOTSTRAP_STORAGE: the bucket and the queues (on AWS, infra/aws creates them).
2. With BOOTSTRAP_ACCOUNT: roles, warehouse, resource monitor and storage integration.
3. Database, schemas, tables, migrations, stages and pipes. Views hold no data: they are replaced.
4. With BOOTSTRAP_ACCOUNT: grants and users.
5. The bucket's notifications: `raw/` to the platform's queue, `landing/` to the pipes' channel.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from inmet_platform.config.settings import Settings
from inmet_platform.errors import BucketMissing, StorageError, WarehouseError
from inmet_platform.storage.bucket import CLIENT_CONFIG, Bucket
from inmet_platform.storage.notifications import join_notifications
from inmet_platform.warehouse.account import MANUAL_STEP, grants, policy, require_trust
from inmet_platform.warehouse.schema_history import SchemaHistory, require_columns
from inmet_platform.warehouse.session import Session, open_session
from inmet_platform.warehouse.sql import Statements

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

# After so many receives a message goes to the dead-letter queue; infra/aws uses the same number.
MOST_RECEIVES = 5

TAG = "inmet:bootstrap"

_INSUFFICIENT_PRIVILEGES = 3001


def plan(settings: Settings) -> Iterator[str]:
    """What `bootstrap` does, without any call: sentences and SQL."""
    where = settings.snowflake_host or settings.snowflake_account
    yield f"-- Snowflake {where}, as user {settings.snowflake_user}; nothing of this is done yet"
    if settings.bootstrap_storage:
        yield f"-- create bucket {settings.s3_bucket} when missing"
        yield (
            f"-- create queue {settings.raw_events_queue} when missing, and "
            f"{settings.dead_raw_events_queue} for what failed {MOST_RECEIVES} times"
        )
    statements = Statements(settings)
    tables, pipes, views = ddl(statements)
    owners, others = grants(statements, settings)
    if settings.bootstrap_account:
        yield from _texts(statements, statements.names("account"))
        yield MANUAL_STEP
    yield from _texts(statements, [*tables, *statements.names("migrations"), *owners])
    if settings.bootstrap_account:
        yield f"-- as {settings.owner_role}:"
    yield from _texts(statements, pipes)
    if settings.bootstrap_account:
        yield "-- as the role of the session:"
    yield from _texts(statements, [*views, *others])
    yield "-- note the statements in RAW.SCHEMA_HISTORY, so that a run need not repeat them"
    yield f"-- notify queue {settings.raw_events_queue} of new objects under raw/"
    yield "-- notify the pipes' channel (SHOW PIPES, notification_channel) of those under landing/"


def bootstrap(settings: Settings) -> Iterator[str]:
    """Create what is missing; yield a sentence after each step.

    Raises:
        StorageError, WarehouseError: an endpoint refuses or does not answer.
    """
    yield from _create_storage(settings)
    yield from _create_account_objects(settings)
    yield _create_database(settings)
    with open_session(settings, tag=TAG) as session:
        channels = _channels(settings, session)
        if not channels:
            raise WarehouseError(
                f"Role {settings.snowflake_role} sees no pipe with a notification channel in "
                f"{settings.snowflake_database}.RAW, so nothing would tell Snowpipe of new files.",
                remedy="Sign in with a role that owns the pipes or has MONITOR on them.",
            )
        yield join_notifications(settings, Bucket.from_settings(settings), channels)
        # Last: who is stopped before this does all of it again.
        SchemaHistory(session).record(_all_names(session.statements, settings))


def prepare(settings: Settings) -> Iterator[str]:
    """`bootstrap` before a run, without what is as this version of the platform makes it.

    Where the role may not create, a sentence says so: an administrator has done it.

    Raises:
        StorageError, WarehouseError: an endpoint refuses anything else, or does not answer.
    """
    try:
        with open_session(settings, tag=TAG, database=None) as session:
            history = SchemaHistory(session)
            history.require_known()
            if not history.has(_all_names(session.statements, settings)):
                yield from bootstrap(settings)
                return
            yield from _create_storage(settings)
            yield f"database {settings.snowflake_database}: this version's statements were all run"
            channels = _channels(settings, session) if settings.bootstrap_storage else []
            if channels:
                yield join_notifications(settings, Bucket.from_settings(settings), channels)
    except WarehouseError as error:
        if getattr(error.__cause__, "errno", None) != _INSUFFICIENT_PRIVILEGES:
            raise
        yield (
            f"role {settings.snowflake_role} creates nothing: an administrator does, by "
            "`inmet bootstrap`"
        )


def _all_names(statements: Statements, settings: Settings) -> list[str]:
    """All statements that make the schema and, with BOOTSTRAP_ACCOUNT, the account's objects."""
    account = statements.names("account") if settings.bootstrap_account else []
    owners, others = grants(statements, settings)
    made = (*statements.names("ddl"), *statements.names("migrations"))
    return [*account, *made, *owners, *others]


def ddl(statements: Statements) -> tuple[list[str], list[str], list[str]]:
    """What comes before the pipes, the pipes, and what comes after, in order."""
    names = statements.names("ddl")
    pipes = [name for name in names if "_create_pipe_" in name]
    return (
        [name for name in names if name < pipes[0]],
        pipes,
        [name for name in names if name > pipes[-1]],
    )


@contextmanager
def owner_session(settings: Settings, session: Session, tag: str) -> Iterator[Session]:
    """A session of the role that owns the pipes where we made it, else the given one."""
    if not settings.bootstrap_account:
        yield session
        return
    with open_session(settings, tag=tag, role=settings.owner_role) as owner:
        yield owner


def _texts(statements: Statements, names: list[str]) -> Iterator[str]:
    for name in names:
        yield statements.text(name).strip()


def _create_account_objects(settings: Settings) -> Iterator[str]:
    if not settings.bootstrap_account:
        return
    with open_session(settings, tag=TAG, database=None) as session:
        names = session.statements.names("account")
        _execute(session, names)
        yield f"account: {len(names)} roles, grants, warehouse, monitor and integration are there"
        yield from require_trust(session, settings)


def _create_database(settings: Settings) -> str:
    with open_session(settings, tag=TAG, database=None) as session:
        SchemaHistory(session).require_known()
        session.execute("ddl/01_create_database")
    with open_session(settings, tag=TAG) as session:
        tables, pipes, views = ddl(session.statements)
        owners, others = grants(session.statements, settings)
        _execute(session, [*tables, *session.statements.names("migrations")])
        require_columns(session, tables)
        _execute(session, owners)
        with owner_session(settings, session, TAG) as owner:
            _execute(owner, pipes)
        _execute(session, [*views, *others])
    count = len(tables) + len(pipes) + len(views)
    return f"database {settings.snowflake_database}: {count} objects are there"


def _execute(session: Session, names: list[str]) -> None:
    for name in names:
        session.execute(name)


def _create_storage(settings: Settings) -> Iterator[str]:
    bucket = Bucket.from_settings(settings)
    if settings.bootstrap_storage:
        yield _create_bucket(bucket, settings.aws_default_region)
        yield _create_queues(settings)
    bucket.check()


def _channels(settings: Settings, session: Session) -> list[str]:
    """The queues that tell the pipes of new objects, of those that the role sees."""
    pipes = session.query_text(f"SHOW PIPES IN SCHEMA {settings.snowflake_database}.RAW")
    return sorted({it["notification_channel"] for it in pipes if it["notification_channel"]})


def _create_bucket(bucket: Bucket, region: str) -> str:
    try:
        bucket.check()
    except BucketMissing:
        # us-east-1 is the one region that must not be named.
        where: Any = {} if region == "us-east-1" else {"LocationConstraint": region}
        options = {"CreateBucketConfiguration": where} if where else {}
        bucket.client.create_bucket(Bucket=bucket.name, **options)
        return f"bucket {bucket.name} created"
    return f"bucket {bucket.name} is there"


def _create_queues(settings: Settings) -> str:
    client = boto3.client("sqs", **settings.aws_client_arguments(), config=CLIENT_CONFIG)
    try:
        _, dead_arn = _create_queue(client, settings.dead_raw_events_queue)
        url, arn = _create_queue(client, settings.raw_events_queue)
        redrive = {"deadLetterTargetArn": dead_arn, "maxReceiveCount": MOST_RECEIVES}
        send = policy(
            Principal={"Service": "s3.amazonaws.com"},
            Action="sqs:SendMessage",
            Resource=arn,
            Condition={"ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{settings.s3_bucket}"}},
        )
        attributes: Any = {"Policy": send, "RedrivePolicy": json.dumps(redrive)}
        client.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    except (ClientError, BotoCoreError) as error:
        raise StorageError(
            f"SQS at {client.meta.endpoint_url} did not create {settings.raw_events_queue!r}: "
            f"{error}.",
            remedy="Check RAW_EVENTS_QUEUE and AWS_ENDPOINT_URL.",
        ) from error
    return f"queues {settings.raw_events_queue} and {settings.dead_raw_events_queue} are there"


def _create_queue(client: SQSClient, name: str) -> tuple[str, str]:
    """Its address and its ARN."""
    # Without attributes, creating a queue that is there changes nothing, whatever it has.
    url = client.create_queue(QueueName=name)["QueueUrl"]
    answer = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, answer["Attributes"]["QueueArn"]
