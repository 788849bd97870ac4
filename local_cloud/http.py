"""The HTTP face: fakesnow's server, with sign-in, and statements rewritten before it sees them."""

from __future__ import annotations

import gzip
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import fakesnow.server as fakesnow_server
from fakesnow.instance import FakeSnow
from snowflake.connector.errors import ProgrammingError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inmet_platform.settings import Settings
from local_cloud.database import database_names
from local_cloud.rewriting import Rewriter

Handler = Callable[[Request], Awaitable[Response]]


def build_app(
    settings: Settings, instance: FakeSnow, rewriter: Rewriter, loads: Callable[[], bool]
) -> Starlette:
    """Fakesnow's routes, with login and query wrapped, and `GET /health`."""
    ours: dict[str, Handler] = {
        "/session/v1/login-request": _login(settings),
        "/queries/v1/query-request": _query(rewriter),
    }
    routes = [
        Route(route.path, ours.get(route.path, route.endpoint), methods=list(route.methods or []))
        for route in fakesnow_server.routes
    ]

    async def health(_: Request) -> Response:
        body = {"snowpipe": loads(), "databases": database_names(instance)}
        return JSONResponse(body, status_code=200 if loads() else 503)

    return Starlette(routes=[*routes, Route("/health", health)])


def _login(settings: Settings) -> Handler:
    password = settings.snowflake_password.get_secret_value() if settings.snowflake_password else ""

    async def login(request: Request) -> Response:
        body = await _json_body(request)
        user, given = body["data"].get("LOGIN_NAME", ""), body["data"].get("PASSWORD", "")
        right = user.upper() == settings.snowflake_user.upper()
        if not right or not secrets.compare_digest(given, password):
            return _refusal("390100", "Incorrect username or password was specified.")
        answer: Response = await fakesnow_server.login_request(_with_body(request, body))
        return answer

    return login


def _query(rewriter: Rewriter) -> Handler:
    async def query(request: Request) -> Response:
        body = await _json_body(request)
        try:
            connection = fakesnow_server.to_conn(fakesnow_server.to_token(request))
            body["sqlText"] = await run_in_threadpool(rewriter.rewrite, body["sqlText"], connection)
        except fakesnow_server.ServerError as error:
            return _refusal(error.code, error.message)
        except ProgrammingError as error:
            return _refusal(f"{error.errno:06d}", str(error.raw_msg))
        answer: Response = await fakesnow_server.query_request(_with_body(request, body))
        if answer.status_code == 500:
            return _refusal("000603", json.loads(bytes(answer.body))["message"])
        return answer

    return query


def _refusal(code: str, message: str) -> JSONResponse:
    return JSONResponse(
        {"data": {"errorCode": code}, "code": code, "message": message, "success": False}
    )


async def _json_body(request: Request) -> dict[str, Any]:
    body = await request.body()
    if request.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    parsed: dict[str, Any] = json.loads(body)
    return parsed


def _with_body(request: Request, body: dict[str, Any]) -> Request:
    raw = json.dumps(body).encode()
    headers = [item for item in request.scope["headers"] if item[0] != b"content-encoding"]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    return Request({**request.scope, "headers": headers}, receive)
