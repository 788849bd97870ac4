"""Checks every setting and endpoint, and says what is wrong and how to repair it."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from inmet_platform.config.settings import Settings, load_settings
from inmet_platform.errors import PlatformError, SettingsError, WarehouseError
from inmet_platform.snowpipe.waiting import pipe_of, pipe_status, stuck_error
from inmet_platform.storage.bucket import ONE_ATTEMPT, Bucket
from inmet_platform.storage.events import RawEvents
from inmet_platform.storage.notifications import notified_prefixes
from inmet_platform.warehouse.session import Session, open_session
from inmet_platform.warehouse.sql import PIPE_TABLES

TAG = "inmet:doctor"

Probe = Callable[[Settings], str]


@dataclass(frozen=True)
class Finding:
    """One check: its name, whether it passed, and a sentence for people."""

    name: str
    well: bool
    sentence: str


def examine(home: Path | None = None) -> Iterator[Finding]:
    """Look at everything; without valid settings nothing else can be looked at."""
    try:
        settings = load_settings(home)
    except SettingsError as error:
        yield Finding("settings", False, str(error))
        return
    yield Finding("settings", True, f"complete, home is {settings.home}")
    ill: set[str] = set()
    for name, probe in PROBES.items():
        if (first := NEEDS.get(name)) in ill:
            yield Finding(name, False, f"not looked at: first mend {first}.")
            continue
        try:
            yield Finding(name, True, probe(settings))
        except PlatformError as error:
            ill.add(name)
            yield Finding(name, False, str(error))


def _env_file(settings: Settings) -> str:
    path = settings.home / ".env"
    if not path.exists():
        return "there is none; the settings are the environment's"
    if others := stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise PlatformError(
            f"{path} holds passwords, and others on this machine may read or write it "
            f"(expected mode 600; found {0o600 | others:o}).",
            remedy=f"chmod 600 {path}",
        )
    return f"only its owner reads {path}"


def _bucket(settings: Settings) -> str:
    Bucket.from_settings(settings, ONE_ATTEMPT).check()
    return f"{settings.s3_bucket} answers"


def _raw_events(settings: Settings) -> str:
    depth = RawEvents.from_settings(settings, ONE_ATTEMPT).depth()
    return f"queue {settings.raw_events_queue} answers, {depth.waiting} event(s) wait"


def _dead_letters(settings: Settings) -> str:
    dead = RawEvents.from_settings(settings).dead_letters()
    if dead is None:
        raise PlatformError(
            f"The queue {settings.raw_events_queue} has no dead-letter queue: a message that fails "
            "each time comes for ever.",
            remedy="Run `inmet bootstrap` (BOOTSTRAP_STORAGE=true), or give it a redrive policy as "
            "infra/aws/ does.",
        )
    if dead.count:
        raise PlatformError(
            f"{dead.count} event(s) failed each time and lie in {dead.queue_name}; "
            "the next comparison of raw/ with the ledger finds their objects.",
            remedy="The runs of raw_s3_file say why; when it is mended, materialize it and empty "
            f"the queue: aws sqs purge-queue --queue-url <url of {dead.queue_name}>",
        )
    return f"queue {dead.queue_name} is empty"


def _notifications(settings: Settings) -> str:
    bucket = Bucket.from_settings(settings)
    bucket.check()
    prefixes = notified_prefixes(bucket)
    missing = {bucket.raw_prefix, bucket.landing_prefix} - prefixes
    if missing:
        raise PlatformError(
            f"The bucket tells nobody of new objects under {', '.join(sorted(missing))}.",
            remedy="Run `inmet bootstrap`.",
        )
    return "raw/ and landing/ have their queues"


def _sign_in(settings: Settings) -> str:
    with open_session(settings, tag=TAG) as session:
        version = session.query_text("SELECT CURRENT_VERSION() AS version")[0]["version"]
    return f"{settings.snowflake_user} at {settings.snowflake_account}, Snowflake {version}"


def _tables(settings: Settings) -> str:
    with open_session(settings, tag=TAG) as session:
        try:
            rows = session.query("clean/count_observations")[0]["row_count"]
            session.query("load/count_files_by_state")
        except WarehouseError as error:
            raise WarehouseError(
                f"The tables of {settings.snowflake_database} are not there: {error.message}",
                remedy="Run `inmet bootstrap`.",
            ) from error
    return f"{settings.snowflake_schema}.{settings.snowflake_table} holds {rows:,} hours"


def _pipes(settings: Settings) -> str:
    with open_session(settings, tag=TAG) as session:
        for table in PIPE_TABLES:
            _examine_pipe(session, pipe_of(table))
    return "both run"


def _examine_pipe(session: Session, pipe: str) -> None:
    try:
        status = pipe_status(session, pipe)
    except WarehouseError as error:
        raise WarehouseError(
            f"The pipe {pipe} is not there: {error.message}", remedy="Run `inmet bootstrap`."
        ) from error
    stuck = stuck_error(pipe, status)
    if stuck:
        raise stuck


def _upload_service(settings: Settings) -> str:
    try:
        answer = httpx.get(f"{settings.upload_url}/ready", timeout=5.0)
    except httpx.HTTPError as error:
        raise PlatformError(
            f"UPLOAD_URL: nothing answers at {settings.upload_url}: {error}.",
            remedy="Start it with `inmet up`.",
        ) from error
    if not answer.is_success:
        raise PlatformError(f"UPLOAD_URL: {settings.upload_url}/ready says {answer.text}")
    return f"{settings.upload_url} is ready"


def _mlflow(settings: Settings) -> str:
    uri = settings.mlflow_tracking_uri
    if uri is None:
        return f"{settings.mlflow_place().partition(':')[0]} store, without a server"
    host = httpx.URL(uri).netloc.decode()
    try:
        # Ask for artifacts: /health answers any Host header, and without a bucket.
        answer = httpx.get(f"{uri.rstrip('/')}/api/2.0/mlflow-artifacts/artifacts", timeout=10.0)
    except httpx.HTTPError as error:
        raise PlatformError(
            f"MLFLOW_TRACKING_URI: {uri} does not answer: {error}.",
            remedy="Start the MLflow server, or correct the address.",
        ) from error
    if answer.status_code == httpx.codes.FORBIDDEN:
        raise PlatformError(
            f"MLFLOW_TRACKING_URI: {uri} refuses requests for {host}.",
            remedy=f"Let the server's MLFLOW_SERVER_ALLOWED_HOSTS name {host}.",
        )
    # A server with basic authentication asks for a password, which shows that it runs.
    if not answer.is_success and answer.status_code != httpx.codes.UNAUTHORIZED:
        raise PlatformError(
            f"MLFLOW_TRACKING_URI: {uri} cannot list its artifacts: {answer.status_code}.",
            remedy="Look at the server's log, its bucket and its MINIO_ keys.",
        )
    return f"{uri} answers"


def _dagster_storage(settings: Settings) -> str:
    if settings.mysql_host is None:
        return "SQLite in DAGSTER_HOME"
    import pymysql

    password = settings.mysql_password
    place = f"{settings.mysql_database} at {settings.mysql_host}:{settings.mysql_port}"
    try:
        connection = pymysql.connect(
            host=settings.mysql_host,
            port=settings.mysql_port,
            user=settings.mysql_user,
            password=password.get_secret_value() if password else "",
            database=settings.mysql_database,
            connect_timeout=5,
        )
    except pymysql.MySQLError as error:
        raise PlatformError(
            f"MYSQL_HOST: cannot open {place}: {error.args[-1]}.",
            remedy="Start MySQL, or correct the MYSQL_ settings.",
        ) from error
    with connection:
        return f"{place}, version {connection.get_server_info()}"


def _results(settings: Settings) -> str:
    folder = settings.processed_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise PlatformError(
            f"{folder} cannot be written: {error}.", remedy="Set INMET_HOME to a folder of yours."
        ) from error
    return f"{folder} can be written"


PROBES: dict[str, Probe] = {
    ".env": _env_file,
    "bucket": _bucket,
    "raw events": _raw_events,
    "dead letters": _dead_letters,
    "notifications": _notifications,
    "sign-in": _sign_in,
    "tables": _tables,
    "pipes": _pipes,
    "upload service": _upload_service,
    "mlflow": _mlflow,
    "dagster storage": _dagster_storage,
    "results": _results,
}

# What cannot be well, and would take seconds to say so, when another is not.
NEEDS = {
    "dead letters": "raw events",
    "notifications": "bucket",
    "tables": "sign-in",
    "pipes": "sign-in",
}
