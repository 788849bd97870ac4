"""The OAuth server of the embedded cloud: access tokens for a client of the settings."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local_cloud.signing_in import SigningIn


def token_request(signing_in: SigningIn) -> Callable[[Request], Awaitable[Response]]:
    """OAuth 2.0 client credentials: id and secret in the header (RFC 6749, 4.4).

    The connector does not percent-encode them, as the RFC asks: they are taken as they are.
    """

    async def answer(request: Request) -> Response:
        form = parse_qs((await request.body()).decode(errors="replace"))
        token = None
        if form.get("grant_type") == ["client_credentials"]:
            kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
            pair = _decoded(encoded) if kind == "Basic" else ":"
            client_id, _, client_secret = pair.partition(":")
            token = signing_in.access_token(client_id, client_secret)
        if not token:
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": 600})

    return answer


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded).decode()
    except ValueError:
        return ":"
