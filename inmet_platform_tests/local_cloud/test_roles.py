"""A role that is taken away gives nothing any more; a closed session leaves nothing behind."""

from __future__ import annotations

import httpx
import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError, WarehouseError
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.embedded import EmbeddedCloud, administrator

DELETE_ALL = "DELETE FROM RAW.OBSERVATIONS"


@pytest.fixture(scope="module")
def loader(embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return embedded_cloud.loaders_tenant(tmp_path_factory.mktemp("roles"))


def _as_admin(loader: Settings, *statements: str) -> None:
    with open_session(administrator(loader), tag="test") as session:
        for statement in statements:
            session.query_text(statement)


def test_a_role_that_is_revoked_from_a_role_gives_it_nothing(loader: Settings) -> None:
    role = f"{loader.snowflake_database}_MORE"
    _as_admin(
        loader,
        f"CREATE ROLE IF NOT EXISTS {role}",
        f"GRANT DELETE ON TABLE RAW.OBSERVATIONS TO ROLE {role}",
        f"GRANT ROLE {role} TO ROLE {loader.snowflake_role}",
    )
    with open_session(loader, tag="test") as session:
        session.query_text(DELETE_ALL)
        _as_admin(loader, f"REVOKE ROLE {role} FROM ROLE {loader.snowflake_role}")
        with pytest.raises(WarehouseError, match="Insufficient privileges"):
            session.query_text(DELETE_ALL)


def test_a_role_that_is_revoked_from_a_user_signs_it_in_no_more(loader: Settings) -> None:
    role, user = loader.snowflake_role, loader.snowflake_user
    _as_admin(loader, f"REVOKE ROLE {role} FROM USER {user}")
    with (
        pytest.raises(PlatformError, match="is not granted to this user"),
        open_session(loader, tag="test"),
    ):
        pass
    _as_admin(loader, f"GRANT ROLE {role} TO USER {user}")
    with open_session(loader, tag="test") as session:
        assert session.query_text("SELECT CURRENT_DATABASE() AS name")


def test_a_sign_in_with_an_empty_role_has_the_default_one(loader: Settings) -> None:
    admin = administrator(loader)
    assert admin.snowflake_password
    login = {
        "LOGIN_NAME": admin.snowflake_user,
        "PASSWORD": admin.snowflake_password.get_secret_value(),
        "SESSION_PARAMETERS": {},
    }
    url = f"http://127.0.0.1:{loader.snowflake_port}/session/v1/login-request?roleName="
    assert httpx.post(url, json={"data": login}).json()["success"]


def test_a_session_that_is_closed_is_forgotten(loader: Settings) -> None:
    def sessions() -> int:
        url = f"http://127.0.0.1:{loader.snowflake_port}/health"
        return int(httpx.get(url).json()["sessions"])

    before = sessions()
    with open_session(loader, tag="test"):
        assert sessions() == before + 1
    assert sessions() == before
