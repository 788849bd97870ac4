"""Missing and contradictory settings are told all at once, each with the way to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inmet_platform.config.settings import load_server_settings, load_settings
from inmet_platform.errors import SettingsError
from inmet_platform_tests.embedded import example_environment, write_home

REQUIRED = [
    "AWS_DEFAULT_REGION",
    "S3_BUCKET",
    "SNOWFLAKE_ACCOUNT",
    "SNOWFLAKE_USER",
    "SNOWFLAKE_WAREHOUSE",
    "MLFLOW_BACKEND_URI",
]
SERVER = {"MLFLOW_TRACKING_URI": "http://mlflow:5000"}
MYSQL = {
    "MYSQL_HOST": "mysql",
    "MYSQL_DATABASE": "team",
    "MYSQL_USER": "inmet",
    "MYSQL_PASSWORD": "pass",
}
# Read by the containers of other servers, never by the platform.
OF_OTHERS = {
    *("MYSQL_ROOT_PASSWORD", "MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD", "GRAFANA_ADMIN_PASSWORD"),
    *("JUPYTER_TOKEN", "COMPOSE_PROFILES", "INMET_BIND_ADDRESS", "INMET_UID"),
}


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_setting_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"{name} is not set; .env.example shows its form"):
        write_home(tmp_path, **{name: ""})


def test_all_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(tmp_path)
    for name in [*REQUIRED, "SNOWFLAKE_PASSWORD: none is set"]:
        assert name in str(error.value)
    assert "cp .env.example .env" in str(error.value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SNOWFLAKE_PASSWORD": ""}, "none is set; set the key's path"),
        ({"SNOWFLAKE_PRIVATE_KEY_PATH": "/no/key.p8"}, "more than one way to sign in is set"),
        (
            {"SNOWFLAKE_TOKEN": "t", "SNOWFLAKE_OAUTH_CLIENT_ID": "c"},
            "SNOWFLAKE_TOKEN and SNOWFLAKE_OAUTH_CLIENT_ID and SNOWFLAKE_PASSWORD: more than one",
        ),
        (
            {"SNOWFLAKE_OAUTH_CLIENT_ID": "c", "SNOWFLAKE_PASSWORD": ""},
            "SNOWFLAKE_OAUTH_CLIENT_SECRET, SNOWFLAKE_OAUTH_TOKEN_URL: not set, but SNOWFLAKE_OA",
        ),
        (
            {"SNOWFLAKE_PRIVATE_KEY_PASSWORD": "p"},
            "SNOWFLAKE_PRIVATE_KEY_PASSWORD is set without SNOWFLAKE_PRIVATE_KEY_PATH",
        ),
        ({"BOOTSTRAP_ACCOUNT": "true"}, "SNOWFLAKE_STORAGE_ROLE_ARN is not set, which BOOTSTRAP_"),
        ({"BOOTSTRAP_ACCOUNT": "true"}, "SNOWFLAKE_STORAGE_EXTERNAL_ID is not set, which BOOTST"),
        ({"SNOWFLAKE_STORAGE_ROLE_ARN": "role"}, "SNOWFLAKE_STORAGE_ROLE_ARN: String should match"),
        ({"SNOWFLAKE_LOADER_PUBLIC_KEY_PATH": "/no/key.pub"}, "there is no file /no/key.pub"),
        (
            {"SNOWFLAKE_PRIVATE_KEY_PATH": "/no/key.p8", "SNOWFLAKE_PASSWORD": ""},
            "SNOWFLAKE_PRIVATE_KEY_PATH: there is no file /no/key.p8",
        ),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "AWS_SECRET_ACCESS_KEY: only one is set"),
        ({"SNOWFLAKE_DATABASE": "A; DROP"}, "SNOWFLAKE_DATABASE: String should match pattern"),
        ({"SNOWFLAKE_PORT": "http"}, "SNOWFLAKE_PORT: Input should be a valid integer"),
        ({"MYSQL_PORT": "sql"}, "MYSQL_PORT: Input should be a valid integer"),
        ({"MLFLOW_BACKEND_URI": "http://host:5000"}, "belongs in MLFLOW_TRACKING_URI"),
        ({"MLFLOW_TRACKING_URI": "http://a:b@host"}, "without user and password"),
        ({"MLFLOW_TRACKING_URI": "mlflow:5000"}, "expected http://host:port"),
        ({"MINIO_ACCESS_KEY_ID": "key"}, "MINIO_SECRET_ACCESS_KEY: only one is set"),
        ({"MLFLOW_ARTIFACT_BUCKET": "b", **SERVER}, "MLFLOW_ARTIFACT_ROOT: both are set"),
        ({"MLFLOW_MINIO_ENDPOINT_URL": "http://s3"}, "is set without MLFLOW_ARTIFACT_BUCKET"),
        ({"MLFLOW_ARTIFACT_BUCKET": "b"}, "is set without MLFLOW_TRACKING_URI"),
        ({"MYSQL_HOST": "mysql"}, "without MYSQL_DATABASE, MYSQL_USER, MYSQL_PASSWORD"),
        (
            {**MYSQL, "MLFLOW_BACKEND_URI": "mysql+pymysql://a:b@mysql:3306/team"},
            "give each a database",
        ),
    ],
)
def test_what_contradicts_or_is_no_value_is_told(
    changes: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        write_home(tmp_path, **changes)


def test_no_secret_is_printed(tmp_path: Path) -> None:
    settings = write_home(
        tmp_path,
        SNOWFLAKE_PASSWORD="pass-phrase",
        AWS_SECRET_ACCESS_KEY="s3-key",
        MLFLOW_BACKEND_URI="mysql+pymysql://inmet:db-key@mysql/mlflow",
    )
    assert "pass-phrase" not in repr(settings)
    assert "s3-key" not in repr(settings)
    assert "db-key" not in repr(settings) + settings.mlflow_place()


def test_a_relative_mlflow_store_lies_in_the_home_folder(tmp_path: Path) -> None:
    settings = write_home(tmp_path)
    assert settings.mlflow_client_uri() == f"sqlite:///{tmp_path}/.inmet/mlflow.db"
    assert settings.mlflow_artifact_uri() == (tmp_path / ".inmet/mlartifacts").as_uri()


def test_with_a_server_neither_database_nor_artifact_store_is_the_platforms(tmp_path: Path) -> None:
    settings = write_home(tmp_path, **SERVER, MLFLOW_BACKEND_URI="", MLFLOW_ARTIFACT_ROOT="")
    assert settings.mlflow_client_uri() == "http://mlflow:5000"
    both = write_home(tmp_path, **SERVER)
    assert both.mlflow_client_uri() == "http://mlflow:5000"
    assert both.mlflow_artifact_uri() is None


def test_the_servers_settings_need_nothing_of_the_platform(tmp_path: Path) -> None:
    lines = ["MLFLOW_BACKEND_URI=mysql+pymysql://a:b@mysql/mlflow", "MLFLOW_ARTIFACT_BUCKET=team"]
    (tmp_path / ".env").write_text("\n".join(lines))
    settings = load_server_settings(tmp_path)
    assert settings.mlflow_artifacts_destination() == "s3://team/mlflow"
    assert settings.mlflow_place() == "mysql+pymysql://mysql/mlflow"
    (tmp_path / ".env").write_text("MLFLOW_MINIO_ENDPOINT_URL=http://s3:9000")
    with pytest.raises(SettingsError) as error:
        load_server_settings(tmp_path)
    for sentence in ("MLFLOW_BACKEND_URI is not set", "without MLFLOW_ARTIFACT_BUCKET"):
        assert sentence in str(error.value)


def test_the_example_names_every_setting_once() -> None:
    from inmet_platform.config.settings import Settings

    assert {name.upper() for name in Settings.model_fields} - {"HOME"} == (
        set(example_environment()) - OF_OTHERS
    )
