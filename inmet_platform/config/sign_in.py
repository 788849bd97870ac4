"""The settings that sign in, and how they must agree; `settings.py` reads them.

Snowflake is signed in to in one of four ways: a key pair (service users), a programmatic access
token, OAuth client credentials, or a password (trial accounts and the embedded endpoint).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from inmet_platform.config.shared_servers import OPTIONAL

_OAUTH = (
    "SNOWFLAKE_OAUTH_CLIENT_ID",
    "SNOWFLAKE_OAUTH_CLIENT_SECRET",
    "SNOWFLAKE_OAUTH_TOKEN_URL",
)
_WAYS = (
    "SNOWFLAKE_PRIVATE_KEY_PATH",
    "SNOWFLAKE_TOKEN",
    "SNOWFLAKE_OAUTH_CLIENT_ID",
    "SNOWFLAKE_PASSWORD",
)


class SignIn(BaseSettings):
    """How to sign in: every setting is optional, but they must agree."""

    model_config = OPTIONAL

    aws_access_key_id: str | None = None
    aws_secret_access_key: SecretStr | None = None
    snowflake_password: SecretStr | None = None
    snowflake_private_key_path: Path | None = None
    snowflake_private_key_password: SecretStr | None = None
    snowflake_token: SecretStr | None = Field(None, description="programmatic access token")
    snowflake_oauth_client_id: str | None = None
    snowflake_oauth_client_secret: SecretStr | None = None
    snowflake_oauth_token_url: str | None = Field(None, pattern=r"^https?://[^/@\s]+/\S*$")
    snowflake_oauth_scope: str | None = Field(None, description="by default the role's")

    bootstrap_account: bool = Field(False, description="create roles, warehouse, users as well")
    snowflake_storage_role_arn: str | None = Field(
        None, pattern=r"^arn:aws[a-z-]*:iam::\d+:role/.+"
    )
    snowflake_storage_external_id: str | None = Field(None, pattern=r"^[A-Za-z0-9_+=,.@:/-]{2,}$")
    snowflake_loader_public_key_path: Path | None = None
    snowflake_reader_public_key_path: Path | None = None

    def contradictions(self) -> list[str]:
        """One sentence for each pair that does not agree, with what to do."""
        found = [*self._ways(), *self._key(), *self._oauth(), *self._account()]
        if (self.aws_access_key_id is None) != (self.aws_secret_access_key is None):
            found.append(
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: only one is set; "
                "set both, or neither to use the machine's role"
            )
        return found

    def snowflake_arguments(self) -> dict[str, Any]:
        """What the connector needs to sign in, besides account and user; None is not set."""
        if self.snowflake_private_key_path:
            return {
                "authenticator": "SNOWFLAKE_JWT",
                "private_key_file": str(self.snowflake_private_key_path),
                "private_key_file_pwd": _value(self.snowflake_private_key_password),
            }
        if self.snowflake_token:
            return {
                "authenticator": "PROGRAMMATIC_ACCESS_TOKEN",
                "token": _value(self.snowflake_token),
            }
        if self.snowflake_oauth_client_id:
            return {
                "authenticator": "OAUTH_CLIENT_CREDENTIALS",
                "oauth_client_id": self.snowflake_oauth_client_id,
                "oauth_client_secret": _value(self.snowflake_oauth_client_secret),
                "oauth_token_request_url": self.snowflake_oauth_token_url,
                "oauth_scope": self.snowflake_oauth_scope,
            }
        return {"password": _value(self.snowflake_password)}

    def _ways(self) -> list[str]:
        given = [name for name in _WAYS if getattr(self, name.lower())]
        if not given:
            return [
                f"{', '.join(_WAYS)}: none is set; set the key's path "
                "(a password only on trial accounts and on the embedded endpoint)"
            ]
        if len(given) > 1:
            return [f"{' and '.join(given)}: more than one way to sign in is set; keep one"]
        return []

    def _key(self) -> list[str]:
        found = [
            f"{name.upper()}: there is no file {path}"
            for name in (
                "snowflake_private_key_path",
                "snowflake_loader_public_key_path",
                "snowflake_reader_public_key_path",
            )
            if (path := getattr(self, name)) and not path.is_file()
        ]
        if self.snowflake_private_key_password and not self.snowflake_private_key_path:
            found.append(
                "SNOWFLAKE_PRIVATE_KEY_PASSWORD is set without SNOWFLAKE_PRIVATE_KEY_PATH; "
                "set the key's path, or remove it"
            )
        return found

    def _oauth(self) -> list[str]:
        given = [name for name in _OAUTH if getattr(self, name.lower())]
        missing = [name for name in _OAUTH if name not in given]
        if given and missing:
            return [f"{', '.join(missing)}: not set, but {', '.join(given)} is; OAuth needs all"]
        return []

    def _account(self) -> list[str]:
        if not self.bootstrap_account:
            return []
        needed = ("SNOWFLAKE_STORAGE_ROLE_ARN", "SNOWFLAKE_STORAGE_EXTERNAL_ID")
        return [
            f"{name} is not set, which BOOTSTRAP_ACCOUNT=true needs for the storage integration"
            for name in needed
            if not getattr(self, name.lower())
        ]


def _value(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
