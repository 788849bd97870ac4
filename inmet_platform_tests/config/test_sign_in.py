"""Each way to sign in, by the real connector, against an endpoint that checks it."""

from __future__ import annotations

import re
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from inmet_platform.config.settings import Settings
from inmet_platform.errors import SettingsError, SignInError, WarehouseError
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.warehouse import session as warehouse
from inmet_platform.warehouse.session import Session, open_session
from inmet_platform_tests.embedded import ROOT, EmbeddedCloud, write_home, written_anew
from inmet_platform_tests.signing import write_key_pair

CLIENT_SECRET = "the client's secret / with +signs"


@pytest.fixture(scope="module")
def oauth_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedCloud]:
    """An embedded cloud that is itself configured for OAuth, and so knows one client."""
    cloud = EmbeddedCloud(tmp_path_factory.mktemp("oauth"))
    url = f"http://127.0.0.1:{cloud.settings.snowflake_port}/oauth/token-request"
    cloud.settings = write_home(
        cloud.home,
        **cloud.ports,
        SNOWFLAKE_PASSWORD="",
        SNOWFLAKE_OAUTH_CLIENT_ID="inmet-client",
        SNOWFLAKE_OAUTH_CLIENT_SECRET=CLIENT_SECRET,
        SNOWFLAKE_OAUTH_TOKEN_URL=url,
    )
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture
def settings(shared_settings: Settings) -> Settings:
    """One tenant for all: each test has a user of its own."""
    return shared_settings


def _home(of: Settings, folder: Path, **changes: str) -> Settings:
    """A tenant's home with another way to sign in."""
    return written_anew(of, folder, **{"SNOWFLAKE_PASSWORD": "", **changes})


def _sql(settings: Settings, *statements: str) -> list[dict[str, Any]]:
    with open_session(settings, tag="test") as session:
        return [row for text in statements for row in session.query_text(text)]


def _signs_in(settings: Settings) -> bool:
    """Both ways to one session: the connector, and Dagster's resource."""
    opened: list[AbstractContextManager[Session]] = [
        open_session(settings, tag="test"),
        SnowflakeWarehouse(home=str(settings.home)).session("test"),
    ]
    for session_opened in opened:
        with session_opened as session:
            assert session.query_text("SELECT 1 AS one") == [{"one": 1}]
    return True


def _service_user(settings: Settings, public: Path) -> str:
    """A user of TYPE = SERVICE with this key."""
    user = f"{settings.snowflake_database}_{uuid.uuid4().hex[:10]}"
    key = "".join(public.read_text().splitlines()[1:-1])
    _sql(
        settings,
        f"CREATE USER IF NOT EXISTS {user} TYPE = SERVICE",
        f"ALTER USER {user} SET RSA_PUBLIC_KEY = '{key}'",
    )
    return user


@pytest.mark.parametrize("passphrase", ["", "a passphrase"], ids=["plain", "encrypted"])
@pytest.mark.parametrize(
    "curve",
    [None, ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()],
    ids=["RS256", "ES256", "ES384", "ES512"],
)
def test_a_key_pair_signs_in_and_another_key_does_not(
    settings: Settings, tmp_path: Path, passphrase: str, curve: ec.EllipticCurve | None
) -> None:
    private, public = write_key_pair(tmp_path, "ours", passphrase, curve)
    user = _service_user(settings, public)
    ours = {"SNOWFLAKE_USER": user, "SNOWFLAKE_PRIVATE_KEY_PASSWORD": passphrase}
    assert _signs_in(
        _home(settings, tmp_path / "a", **ours, SNOWFLAKE_PRIVATE_KEY_PATH=str(private))
    )
    other, _ = write_key_pair(tmp_path, "other", passphrase, curve)
    wrong = _home(settings, tmp_path / "b", **ours, SNOWFLAKE_PRIVATE_KEY_PATH=str(other))
    with pytest.raises(SignInError, match="JWT token is invalid"):
        _sql(wrong)


@pytest.mark.parametrize("content", ["", "no key at all", "wrong passphrase"])
def test_a_key_that_cannot_be_read_is_told_in_one_sentence(
    settings: Settings, tmp_path: Path, content: str
) -> None:
    private, _ = write_key_pair(tmp_path, "ours", "right")
    if content != "wrong passphrase":
        private.write_text(content)
    home = _home(
        settings,
        tmp_path / "a",
        SNOWFLAKE_PRIVATE_KEY_PATH=str(private),
        SNOWFLAKE_PRIVATE_KEY_PASSWORD="wrong",
    )
    with pytest.raises(SignInError, match="SNOWFLAKE_PRIVATE_KEY_PATH: the key cannot be read"):
        _sql(home)
    with (
        pytest.raises(SignInError, match="the key cannot be read"),
        SnowflakeWarehouse(home=str(home.home)).session("test"),
    ):
        pass


def test_keys_are_rotated_by_the_documented_procedure(settings: Settings, tmp_path: Path) -> None:
    old, old_public = write_key_pair(tmp_path, "old")
    new, new_public = write_key_pair(tmp_path, "new")
    user = _service_user(settings, old_public)
    homes = {
        key: _home(
            settings, tmp_path / key.stem, SNOWFLAKE_USER=user, SNOWFLAKE_PRIVATE_KEY_PATH=str(key)
        )
        for key in (old, new)
    }
    readme = (ROOT / "infra/snowflake/README.md").read_text(encoding="utf-8")
    add, look, take, move = re.findall(r"inmet sql \"((?:ALTER|DESC) USER [^\"]+)\"", readme)
    key = "".join(new_public.read_text().splitlines()[1:-1])

    def admin(text: str) -> list[dict[str, Any]]:
        return _sql(settings, text.replace("INMET_LOADER", user).replace("$KEY", key))

    admin(add)
    assert _signs_in(homes[old])
    assert _signs_in(homes[new]), "both keys are good until the old one is taken away"
    prints = {row["property"]: row["value"] for row in admin(look)}
    assert prints["RSA_PUBLIC_KEY_FP"] != prints["RSA_PUBLIC_KEY_2_FP"]
    admin(take)
    with pytest.raises(SignInError, match="JWT token is invalid"):
        _sql(homes[old])
    assert _signs_in(homes[new])
    admin(move)
    assert _signs_in(homes[new])


def test_a_programmatic_access_token_signs_in_until_it_is_removed(
    settings: Settings, tmp_path: Path
) -> None:
    _, public = write_key_pair(tmp_path, "ours")
    user = _service_user(settings, public)
    [row] = _sql(settings, f"ALTER USER {user} ADD PROGRAMMATIC ACCESS TOKEN t")
    home = _home(settings, tmp_path / "a", SNOWFLAKE_USER=user, SNOWFLAKE_TOKEN=row["token_secret"])
    assert _signs_in(home)
    _sql(settings, f"ALTER USER {user} REMOVE PROGRAMMATIC ACCESS TOKEN t")
    with pytest.raises(SignInError, match="Programmatic access token is invalid"):
        _sql(home)


def test_oauth_client_credentials_sign_in_and_a_wrong_secret_does_not(
    oauth_cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    # The home of the cloud itself has no database yet: only the sign-in is asked.
    with open_session(oauth_cloud.settings, tag="test", database=None) as session:
        assert session.query_text("SELECT 1 AS one") == [{"one": 1}]
    with (
        SnowflakeWarehouse(home=str(oauth_cloud.home)).session("test") as session,
    ):
        assert session.query_text("SELECT 1 AS one") == [{"one": 1}]
    wrong = _home(oauth_cloud.settings, tmp_path, SNOWFLAKE_OAUTH_CLIENT_SECRET="wrong")
    with pytest.raises(SignInError, match="SNOWFLAKE_OAUTH_CLIENT_SECRET"):
        _sql(wrong)


def test_an_oauth_server_that_never_answers_is_an_error_and_no_hang(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse, "LOGIN_TIMEOUT_S", 1)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        home = _home(
            settings,
            tmp_path,
            SNOWFLAKE_OAUTH_CLIENT_ID="c",
            SNOWFLAKE_OAUTH_CLIENT_SECRET="s",
            SNOWFLAKE_OAUTH_TOKEN_URL=f"http://127.0.0.1:{silent.getsockname()[1]}/token",
        )
        started = time.monotonic()
        with pytest.raises(WarehouseError, match="SNOWFLAKE_OAUTH_TOKEN_URL") as error:
            _sql(home)
    assert error.type is WarehouseError, "nobody refused"
    assert time.monotonic() - started < 20
    assert socket.getdefaulttimeout() is None


def test_a_role_that_is_not_granted_is_refused_at_sign_in(
    settings: Settings, tmp_path: Path
) -> None:
    private, public = write_key_pair(tmp_path, "ours")
    user = _service_user(settings, public)
    home = _home(
        settings,
        tmp_path / "a",
        SNOWFLAKE_USER=user,
        SNOWFLAKE_PRIVATE_KEY_PATH=str(private),
        SNOWFLAKE_ROLE="SOMEBODY",
    )
    with pytest.raises(SignInError, match="'SOMEBODY' specified in the connect string is not"):
        _sql(home)


def test_a_refused_statement_and_a_lost_endpoint_are_told_apart(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(WarehouseError, match="refused a statement"):
        _sql(settings, "SELECT nothing")
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    lost = _home(settings, tmp_path, SNOWFLAKE_PASSWORD="embedded", SNOWFLAKE_PORT=str(port))
    with pytest.raises(WarehouseError, match="SNOWFLAKE_HOST and SNOWFLAKE_PORT") as error:
        _sql(lost)
    assert error.type is WarehouseError


def test_a_private_key_given_as_the_public_one_is_refused_before_any_call(tmp_path: Path) -> None:
    from inmet_platform.warehouse.sql import Statements

    private, _ = write_key_pair(tmp_path, "ours")
    home = write_home(tmp_path / "home", SNOWFLAKE_LOADER_PUBLIC_KEY_PATH=str(private))
    with pytest.raises(SettingsError, match="expected a public key in PEM") as error:
        Statements(home)
    assert private.read_text().splitlines()[1] not in str(error.value)
