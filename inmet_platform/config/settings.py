"""The only reader of the environment.

Values come from the environment, then from `.env` in the home folder (`INMET_HOME`, by default the
working folder). `.env.example` holds the embedded defaults: copy it to `.env` and everything runs
on this machine. Missing or contradictory settings are reported all at once, each with its remedy.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings

from inmet_platform.config.shared_servers import SharedServers
from inmet_platform.config.sign_in import SignIn
from inmet_platform.errors import SettingsError

T = TypeVar("T", bound=BaseSettings)

IDENTIFIER = r"^[A-Za-z_][A-Za-z0-9_$]*$"


class Settings(SignIn, SharedServers):
    """Where the endpoints are and how to sign in; see `.env.example` for each name."""

    inmet_services: str = Field("", description="what `inmet up` starts, comma-separated")

    aws_default_region: str
    aws_endpoint_url: str | None = Field(None, description="empty on AWS")
    s3_bucket: str
    s3_path: str = ""
    raw_events_queue: str = Field("inmet-raw-events", description="SQS queue of raw/ events")
    bootstrap_storage: bool = Field(False, description="create bucket and queue when missing")

    snowflake_account: str
    snowflake_user: str
    snowflake_role: str | None = Field(None, pattern=IDENTIFIER)
    snowflake_warehouse: str = Field(pattern=IDENTIFIER)
    snowflake_database: str = Field("INMET", pattern=IDENTIFIER)
    snowflake_schema: str = Field("CLEAN", pattern=IDENTIFIER)
    snowflake_table: str = Field("OBSERVATIONS", pattern=IDENTIFIER)
    snowflake_storage_integration: str = Field("INMET_S3", pattern=IDENTIFIER)
    snowflake_error_integration: str | None = Field(
        None, pattern=IDENTIFIER, description="notification integration that hears of failed loads"
    )
    snowflake_credit_quota: int = Field(20, gt=0, description="credits a month")
    snowflake_host: str | None = Field(None, description="empty on Snowflake")
    snowflake_port: int = 443
    snowflake_protocol: Literal["http", "https"] = "https"

    snowpipe_overdue_s: float = Field(
        300.0, gt=0, description="a file in landing/ that is not loaded by then is looked into"
    )
    snowpipe_resume_paused: bool = Field(
        False, description="whether the watch resumes a paused pipe: somebody may have meant it"
    )

    station_catalogue: Path | None = Field(
        None, description="INMET's catalogue of stations as CSV, for a check; in the home folder"
    )

    archive_url: str = Field(
        "https://portal.inmet.gov.br/uploads/dadoshistoricos",
        # Without a user and a password: the address is written beside every stored zip.
        pattern=r"^https?://[^/@\s]+(/[^@\s]*)?$",
        description="folder that holds `<year>.zip`",
    )
    upload_url: str = "http://127.0.0.1:8000"
    upload_token: SecretStr | None = None
    upload_max_bytes: int = Field(500_000_000, gt=0)
    data_url: str = "http://127.0.0.1:8001"
    data_at_once: int = Field(4, gt=0, description="questions the data service works on at once")
    data_most_waiting: int = Field(
        200, gt=0, description="questions that may wait beside them; beyond, the answer is 503"
    )
    mlflow_url: str = "http://127.0.0.1:5000"
    alert_webhook_url: SecretStr | None = Field(
        None, description="webhook that is told of failed runs and checks; none by default"
    )

    @property
    def dead_raw_events_queue(self) -> str:
        """The dead-letter queue of the raw/ events."""
        return f"{self.raw_events_queue}-dead"

    @property
    def owner_role(self) -> str:
        """The role that owns the pipes; the loader's and reader's are named like it."""
        return f"{self.snowflake_database}_OWNER"

    @property
    def state_dir(self) -> Path:
        """Where the embedded services keep what must survive a restart."""
        return self.home / ".inmet"

    def aws_client_arguments(self) -> dict[str, Any]:
        """Keyword arguments of `boto3.client` for the configured endpoint."""
        secret = self.aws_secret_access_key
        return {
            "region_name": self.aws_default_region,
            "endpoint_url": self.aws_endpoint_url,
            "aws_access_key_id": self.aws_access_key_id,
            "aws_secret_access_key": secret.get_secret_value() if secret else None,
        }


def load_settings(home: Path | None = None) -> Settings:
    """Read the environment and `.env`.

    Args:
        home: folder with `.env`, `data/` and `.inmet/`; by default `INMET_HOME`, else the
            working folder.

    Raises:
        SettingsError: one line for each setting that is missing or wrong.
    """
    return _load(Settings, home, (SignIn, SignIn.contradictions), SHARED)


def load_shared_settings(home: Path | None = None) -> SharedServers:
    """Read what the files for people and the models need: no endpoint but MLflow's, no sign-in.

    Raises:
        SettingsError: one line for each setting that is missing or wrong.
    """
    return _load(SharedServers, home, SHARED)


def load_webserver_settings(home: Path | None = None) -> SharedServers:
    """Read what Dagster's webserver needs, where it is; all else may be missing or contradict.

    Raises:
        SettingsError: a setting is not of its form.
    """
    return _load(SharedServers, home)


def load_server_settings(home: Path | None = None) -> SharedServers:
    """Read what the MLflow server alone needs, as `load_settings` does.

    Raises:
        SettingsError: one line for each setting that is missing or wrong.
    """
    return _load(SharedServers, home, (SharedServers, SharedServers.server_contradictions))


Agreement = tuple[type[Any], Callable[[Any], list[str]]]
SHARED: Agreement = (SharedServers, SharedServers.contradictions)


def _load(kind: type[T], home: Path | None, *agreements: Agreement) -> T:
    """Read settings, and tell all problems at once, those between two settings too."""
    home = (home or Path(os.environ.get("INMET_HOME") or ".")).resolve()
    dotenv = home / ".env"
    text = dotenv.read_bytes() if dotenv.is_file() else b""
    read_from = hashlib.sha256(repr((text, sorted(os.environ.items()))).encode()).hexdigest()
    settings: T = _read(kind, home, agreements, read_from)
    return settings


@lru_cache(maxsize=4)
def _read(
    kind: type[T],
    home: Path,
    agreements: tuple[Agreement, ...],
    _read_from: str,
) -> T:
    """Read them once, as long as `.env` and the environment stay the same: it takes a while."""
    dotenv, problems = home / ".env", []
    for part, contradictions in agreements:
        with suppress(ValidationError):  # told below: the settings hold the same fields
            problems += contradictions(part(home=home, _env_file=dotenv))
    try:
        settings = kind(home=home, _env_file=dotenv)
    except ValidationError as error:
        raise _refusal([*map(_sentence, error.errors()), *problems], dotenv) from error
    if problems:
        raise _refusal(problems, dotenv)
    return settings


def _refusal(problems: list[str], dotenv: Path) -> SettingsError:
    where = str(dotenv) if dotenv.exists() else f"{dotenv}, which does not exist"
    return SettingsError(
        "\n".join([f"{len(problems)} setting(s) to mend:", *(f"  - {line}" for line in problems)]),
        remedy=f"\nThey are read from the environment and from {where}. "
        "`cp .env.example .env` gives the embedded defaults.",
    )


def _sentence(item: Any) -> str:
    name = str(item["loc"][0]).upper() if item["loc"] else ""
    if item["type"] == "missing":
        return f"{name} is not set; .env.example shows its form"
    return f"{name}: {item['msg']}"
