"""No secret stands in a log, an error, a metadata value, or anything that a run leaves behind.

The chain runs once with each way to sign in, with every logger at DEBUG, and once with each secret
wrong; then every byte that was written is searched. `test_command.py` does the same for the main
job of a password's home, in processes of its own.
"""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import dagster as dg
import pytest

from inmet_platform.command import doctor
from inmet_platform.command.doctor import examine
from inmet_platform.config.settings import Settings
from inmet_platform.definitions import build_defs
from inmet_platform.errors import SettingsError, SignInError
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.chain.chain import TO_CSV
from inmet_platform_tests.embedded import EmbeddedCloud, write_home
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.signing import write_key_pair

CLIENT_SECRET = "client-secret-of-this-test/+%"
AWS_SECRET = "aws-secret-of-this-test"
UPLOAD_TOKEN = "upload-token-of-this-test"
PASSPHRASE = "passphrase-of-this-test"
WAYS = ["key pair", "token", "oauth"]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedCloud]:
    """Its administrator signs in by OAuth."""
    cloud = EmbeddedCloud(tmp_path_factory.mktemp("secret-cloud"))
    cloud.ports |= {
        "AWS_SECRET_ACCESS_KEY": AWS_SECRET,
        "UPLOAD_TOKEN": UPLOAD_TOKEN,
        "SNOWFLAKE_PASSWORD": "",
        "SNOWFLAKE_OAUTH_CLIENT_ID": "client-id",
        "SNOWFLAKE_OAUTH_CLIENT_SECRET": CLIENT_SECRET,
        "SNOWFLAKE_OAUTH_TOKEN_URL": (
            f"http://127.0.0.1:{cloud.settings.snowflake_port}/oauth/token-request"
        ),
    }
    cloud.settings = write_home(cloud.home, **cloud.ports)
    cloud.start()
    yield cloud
    cloud.stop()


class Tenant:
    """A home that signs in one way, and the same home with a wrong secret."""

    def __init__(
        self,
        cloud: EmbeddedCloud,
        folder: Path,
        way: str,
        with_model_store: Callable[[Settings], Settings],
    ) -> None:
        self.cloud, self.folder = cloud, folder
        self.admin = cloud.tenant(folder / "admin")
        self.user = f"{self.admin.snowflake_database}_ROBOT"
        self._values = _values_of(self.admin)
        self.secrets = [AWS_SECRET, UPLOAD_TOKEN, *_forms_of(CLIENT_SECRET)]
        homes = getattr(self, f"_by_{way.replace(' ', '_')}")()
        self.home, self.wrong = map(with_model_store, homes)

    def _by_key_pair(self) -> tuple[Settings, Settings]:
        private, public = write_key_pair(self.folder, "key", PASSPHRASE)
        other, _ = write_key_pair(self.folder, "other", PASSPHRASE)
        key = "".join(public.read_text().splitlines()[1:-1])
        self._admin_sql(f"ALTER USER {self.user} SET RSA_PUBLIC_KEY = '{key}'")
        self.secrets += [PASSPHRASE, *private.read_text().splitlines()[1:4]]
        self.secrets += other.read_text().splitlines()[1:4]
        passphrase = {"SNOWFLAKE_PRIVATE_KEY_PASSWORD": PASSPHRASE}
        return (
            self._home("right", **passphrase, SNOWFLAKE_PRIVATE_KEY_PATH=str(private)),
            self._home("wrong", **passphrase, SNOWFLAKE_PRIVATE_KEY_PATH=str(other)),
        )

    def _by_token(self) -> tuple[Settings, Settings]:
        [row] = self._admin_sql(f"ALTER USER {self.user} ADD PROGRAMMATIC ACCESS TOKEN t")
        wrong = "wrong-token-of-this-test"
        self.secrets += [row["token_secret"], wrong]
        return (
            self._home("right", SNOWFLAKE_TOKEN=row["token_secret"]),
            self._home("wrong", SNOWFLAKE_TOKEN=wrong),
        )

    def _by_oauth(self) -> tuple[Settings, Settings]:
        wrong = "wrong-client-secret-of-this-test"
        self.secrets += _forms_of(wrong)
        other = {**self._values, "SNOWFLAKE_OAUTH_CLIENT_SECRET": wrong}
        return self.admin, write_home(self.folder / "wrong", **other)

    def _admin_sql(self, text: str) -> list[dict[str, str]]:
        with open_session(self.admin, tag="test") as session:
            session.query_text(
                f"CREATE USER IF NOT EXISTS {self.user} TYPE = SERVICE DEFAULT_ROLE = ACCOUNTADMIN"
            )
            session.query_text(f"GRANT ROLE ACCOUNTADMIN TO USER {self.user}")
            return session.query_text(text)

    def _home(self, name: str, **changes: str) -> Settings:
        no_oauth = {key: "" for key in self._values if key.startswith("SNOWFLAKE_OAUTH")}
        values = {**self._values, **no_oauth, "SNOWFLAKE_USER": self.user, **changes}
        return write_home(self.folder / name, **values)

    def run(self, settings: Settings, instance: dg.DagsterInstance) -> bool:
        job = build_defs(settings).resolve_implicit_global_asset_job_def()
        selection = [dg.AssetKey(name) for name in [*TO_CSV, "trained_model"]]
        done = job.execute_in_process(
            instance=instance, asset_selection=selection, raise_on_error=False
        )
        return done.success


def _values_of(settings: Settings) -> dict[str, str]:
    text = (settings.home / ".env").read_text(encoding="utf-8")
    return dict(line.split("=", 1) for line in text.splitlines())


def _forms_of(secret: str) -> list[str]:
    """As it is, as a URL has it, and as the OAuth header has it."""
    pair = base64.b64encode(f"client-id:{secret}".encode()).decode()
    return [secret, quote(secret, safe=""), pair]


def found_in(folder: Path, secrets: list[str]) -> list[str]:
    """`file: secret` for each of them that a file holds; .env and keys are where they belong."""
    return [
        f"{path}: {secret}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".env" and path.suffix not in (".p8", ".pub")
        for secret in secrets
        if secret.encode() in path.read_bytes()
    ]


@pytest.mark.parametrize("way", WAYS)
def test_no_secret_is_left_behind_by_a_run_that_goes_well_and_one_that_does_not(
    cloud: EmbeddedCloud,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    way: str,
    with_model_store: Callable[[Settings], Settings],
) -> None:
    caplog.set_level(logging.DEBUG)
    tenant = Tenant(cloud, tmp_path, way, with_model_store)
    bucket = Bucket.from_settings(tenant.home)
    (tmp_path / "a.CSV").write_bytes(small_portal_file())
    with (tmp_path / "a.CSV").open("rb") as stream:
        bucket.put_raw(stream, "a.CSV", {})
    caplog.clear()  # what makes users shows their keys and tokens, as Snowflake does
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:
        assert not tenant.run(tenant.wrong, instance)
        assert tenant.run(tenant.home, instance)
        events = [
            str(entry) for run in instance.get_runs() for entry in instance.all_logs(run.run_id)
        ]
    said = [caplog.text, *events, *(str(finding) for finding in examine(tenant.wrong.home))]
    with (
        pytest.raises(SignInError) as refused,
        open_session(tenant.wrong, tag="test"),
    ):
        pass
    said += traceback.format_exception(refused.value)
    said += [repr(tenant.home), str(tenant.wrong)]
    assert [secret for secret in tenant.secrets for text in said if secret in text] == []
    assert found_in(tmp_path, tenant.secrets) == []
    assert found_in(cloud.home, tenant.secrets) == [], "objects, databases and log of the endpoints"
    assert any(b"clean" in path.read_bytes() for path in cloud.home.rglob("*status*/**/*.json*"))


def test_the_search_finds_a_secret_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "run.log").write_text(f"signing in with {PASSPHRASE}")
    assert found_in(tmp_path, [PASSPHRASE, AWS_SECRET]) == [f"{tmp_path / 'run.log'}: {PASSPHRASE}"]


def test_the_password_in_the_address_of_mlflow_is_not_told(tmp_path: Path) -> None:
    address = "mysql+pymysql://me:db-secret@127.0.0.1:9/x"
    settings = write_home(tmp_path, MLFLOW_BACKEND_URI=address)
    defs = build_defs(settings)
    tracking = defs.resources["mlflow"] if defs.resources else None
    assert isinstance(tracking, MlflowTracking)
    for text in (doctor._mlflow(settings), repr(tracking), repr(settings), settings.mlflow_place()):
        assert "db-secret" not in text
    assert settings.mlflow_client_uri() == address
    assert "127.0.0.1" in settings.mlflow_place()


def test_an_address_of_mlflows_server_that_holds_a_password_is_refused_without_telling_it(
    tmp_path: Path,
) -> None:
    with pytest.raises(SettingsError, match="MLFLOW_TRACKING_URI") as refusal:
        write_home(tmp_path, MLFLOW_TRACKING_URI="http://me:db-secret@127.0.0.1:9")
    assert "db-secret" not in str(refusal.value)
