"""Missing and contradictory settings are told all at once, each with the way to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inmet_platform.errors import SettingsError
from inmet_platform.settings import load_settings
from inmet_platform_tests.embedded import example_environment, write_home

REQUIRED = [
    "AWS_DEFAULT_REGION",
    "S3_BUCKET",
    "SNOWFLAKE_ACCOUNT",
    "SNOWFLAKE_USER",
    "SNOWFLAKE_WAREHOUSE",
    "MLFLOW_BACKEND_URI",
]


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
    ],
)
def test_what_contradicts_or_is_no_value_is_told(
    changes: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        write_home(tmp_path, **changes)


def test_no_secret_is_printed(tmp_path: Path) -> None:
    settings = write_home(
        tmp_path, SNOWFLAKE_PASSWORD="pass-phrase", AWS_SECRET_ACCESS_KEY="s3-key"
    )
    assert "pass-phrase" not in repr(settings)
    assert "s3-key" not in repr(settings)


def test_a_relative_mlflow_store_lies_in_the_home_folder(tmp_path: Path) -> None:
    settings = write_home(tmp_path)
    assert settings.mlflow_tracking_uri() == f"sqlite:///{tmp_path}/.inmet/mlflow.db"
    assert settings.mlflow_artifact_uri() == (tmp_path / ".inmet/mlartifacts").as_uri()
    server = write_home(tmp_path, MLFLOW_BACKEND_URI="http://host:5000", MLFLOW_ARTIFACT_ROOT="")
    assert server.mlflow_tracking_uri() == "http://host:5000"
    assert server.mlflow_artifact_uri() is None


def test_the_example_names_every_setting_once() -> None:
    from inmet_platform.settings import Settings

    assert {name.upper() for name in Settings.model_fields} - {"HOME"} == set(example_environment())
