"""Refuses a request without the token before its body is read."""

from __future__ import annotations

import secrets

from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from inmet_platform.config.settings import Settings
from inmet_platform.errors import SettingsError
from inmet_platform.web.guard import is_loopback
from inmet_platform.web.problems import problem
from upload_service.problems import NoToken

GUARDED = ("/upload", "/uploads/")


def require_token_outside(settings: Settings) -> None:
    """Raise `SettingsError` when others than this machine may send without a token."""
    if settings.upload_token is None and not is_loopback(settings.upload_url):
        raise SettingsError(
            f"UPLOAD_URL: {settings.upload_url} is not of this machine alone, and UPLOAD_TOKEN is "
            "empty, so anybody there could send files.",
            remedy="Set UPLOAD_TOKEN (openssl rand -hex 16), here and where files are sent from.",
        )


class RequireToken:
    """ASGI middleware: uploads and their status need `Authorization: Bearer <token>`."""

    def __init__(self, app: ASGIApp, token: SecretStr) -> None:
        """Wrap an application."""
        self._app = app
        self._wanted = f"Bearer {token.get_secret_value()}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 401."""
        guarded = scope["type"] == "http" and scope["path"].startswith(GUARDED)
        given = dict(scope.get("headers", [])).get(b"authorization", b"")
        if guarded and not secrets.compare_digest(given, self._wanted):
            refusal = NoToken(
                "The request carries no valid token.",
                remedy="Authorization: Bearer <UPLOAD_TOKEN>",
            )
            await problem(refusal)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
