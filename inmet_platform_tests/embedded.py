"""The embedded cloud for tests: a process of its own on free ports, with tenants of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from functools import cache
from pathlib import Path
from typing import ClassVar

import boto3
from cryptography.hazmat.primitives.asymmetric import ec

from inmet_platform.config.settings import Settings, load_settings
from inmet_platform.warehouse.account import policy
from inmet_platform.warehouse.bootstrap import bootstrap
from inmet_platform_tests.processes import ROOT, answers, await_that, end, start
from inmet_platform_tests.signing import write_key_pair
from local_cloud.account import IAM_USER_ARN

# The folder of a home whose .env is the administrator's.
ADMINISTRATOR = ".administrator"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def example_environment() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def write_home(home: Path, **changes: str) -> Settings:
    """A home folder whose .env is the example with changes."""
    home.mkdir(parents=True, exist_ok=True)
    values = {**example_environment(), **changes}
    (home / ".env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    (home / ".env").chmod(0o600)
    return load_settings(home)


def written_anew(of: Settings, home: Path, **changes: str) -> Settings:
    """Another home folder whose .env is that of `of` with changes."""
    lines = (of.home / ".env").read_text(encoding="utf-8").splitlines()
    return write_home(home, **{**dict(line.split("=", 1) for line in lines), **changes})


def clean_environ(home: Path) -> dict[str, str]:
    """This process's environment without any setting of the platform."""
    names = set(example_environment())
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {**kept, "INMET_HOME": str(home)}


def administrator(settings: Settings) -> Settings:
    """The settings of who set a tenant up: its administrator, or its one user."""
    home = settings.home / ADMINISTRATOR
    return load_settings(home) if home.is_dir() else settings


@cache
def _key_pair() -> tuple[Path, Path]:
    """The loader's key, the same for all tenants."""
    folder = Path(tempfile.mkdtemp(prefix="loaders-key-"))
    return write_key_pair(folder, "loader", curve=ec.SECP256R1())


class EmbeddedCloud:
    """`python -m local_cloud` in a home folder; those that run are told with a test that fails."""

    running: ClassVar[list[EmbeddedCloud]] = []

    def __init__(self, home: Path, environ: dict[str, str] | None = None, **changes: str) -> None:
        """`environ` is what MiniStack reads; `changes` are settings."""
        self.home = home
        self._environ = environ or {}
        self.ports = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}",
            "SNOWFLAKE_PORT": str(free_port()),
        }
        self.settings = write_home(home, **self.ports, **changes)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.home / "cloud.log"

    def start(self) -> None:
        environ = {**clean_environ(self.home), **self._environ}
        health = f"http://127.0.0.1:{self.settings.snowflake_port}/health"
        self._process = start([sys.executable, "-m", "local_cloud"], self.log, environ)
        try:
            await_that(answers(health), self.log, self._process)
        except BaseException:
            self.kill()
            raise
        self.running.append(self)

    def has_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """`kill -9`: no chance to save anything."""
        self._end(signal.SIGKILL)

    def _end(self, by: signal.Signals) -> None:
        assert self._process
        if self in self.running:
            self.running.remove(self)
        end(self._process, by=by)

    def tenant(self, home: Path) -> Settings:
        """A bucket, a queue and a database of their own, bootstrapped."""
        settings = self._named(home)
        for _ in bootstrap(settings):
            pass
        return settings

    def loaders_tenant(self, home: Path) -> Settings:
        """A tenant of its own as a team has it: an administrator sets it up, the loader works.

        The settings are the loader's, who may do what `sql/grants` gives; `administrator` has the
        other's. Both sign in for themselves.
        """
        named = self._named(home)
        name = named.snowflake_database
        private, public = _key_pair()
        arn = f"arn:aws:iam::000000000000:role/{name}"
        named = written_anew(named, home, SNOWFLAKE_STORAGE_INTEGRATION=f"{name}_S3")
        admin = written_anew(
            named,
            home / ADMINISTRATOR,
            BOOTSTRAP_ACCOUNT="true",
            SNOWFLAKE_STORAGE_ROLE_ARN=arn,
            SNOWFLAKE_STORAGE_EXTERNAL_ID=name,
            SNOWFLAKE_LOADER_PUBLIC_KEY_PATH=str(public),
        )
        trusted = policy(
            Principal={"AWS": IAM_USER_ARN},
            Action="sts:AssumeRole",
            Condition={"StringEquals": {"sts:ExternalId": name}},
        )
        iam = boto3.client("iam", **admin.aws_client_arguments())
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted)
        for _ in bootstrap(admin):
            pass
        return written_anew(
            named,
            home,
            SNOWFLAKE_USER=f"{name}_LOADER".upper(),
            SNOWFLAKE_ROLE=f"{name}_LOADER".upper(),
            SNOWFLAKE_PASSWORD="",
            SNOWFLAKE_PRIVATE_KEY_PATH=str(private),
        )

    def storage(self, home: Path) -> Settings:
        """A bucket alone, for what knows neither queue nor database; a tenth of a tenant's cost."""
        settings = self._named(home)
        s3 = boto3.client("s3", **settings.aws_client_arguments())
        s3.create_bucket(Bucket=settings.s3_bucket)
        return settings

    def key_for(self, bucket: str) -> dict[str, str]:
        """`AccessKeyId` and `SecretAccessKey` of a new user who may use one bucket, and no more."""
        iam, name = boto3.client("iam", **self.settings.aws_client_arguments()), f"of-{bucket}"
        iam.create_user(UserName=name)
        resource = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
        allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        iam.put_user_policy(UserName=name, PolicyName="bucket", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {name: str(key[name]) for name in ("AccessKeyId", "SecretAccessKey")}

    def _named(self, home: Path) -> Settings:
        name = uuid.uuid4().hex[:10]
        return write_home(
            home,
            **self.ports,
            S3_BUCKET=f"bucket-{name}",
            RAW_EVENTS_QUEUE=f"queue-{name}",
            SNOWFLAKE_DATABASE=f"DB_{name}",
        )
