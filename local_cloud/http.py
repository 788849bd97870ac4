"""The HTTP face: fakesnow's server, with sign-in, and statements rewritten before it sees them."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import logging
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import fakesnow.server as fakesnow_server
from fakesnow.fakes import FakeSnowflakeConnection
from fakesnow.instance import FakeSnow
from snowflake.connector.errors import ProgrammingError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inmet_platform.web.guard import Guard
from local_cloud.access.objects import Caller
from local_cloud.database import database_names
from local_cloud.json_results import with_json_rows
from local_cloud.oauth import token_request
from local_cloud.rewriting import Rewriter, names_of
from local_cloud.signing_in import SigningIn
from local_cloud.statement import not_known

_log = logging.getLogger(__name__)
_session_ids = itertools.count(1)

# Stages are of S3, where files are put by S3's own means; and no client here asks how it went.
LEFT_OUT = {"/fs_bucket/{path:path}", "/monitoring/queries/{sfqid}"}

# Four guesses a second, from however many connections.
PAUSE_AFTER_FAILURE_S = 0.25

Handler = Callable[[Request], Awaitable[Response]]


def build_app(
    url: str,
    signing_in: SigningIn,
    instance: FakeSnow,
    rewriter: Rewriter,
    loads: Callable[[], bool],
) -> Starlette:
    """Fakesnow's routes, with login and query wrapped, an OAuth server, and `GET /health`.

    Args:
        url: where it listens.
        signing_in: says who may come in.
        instance: the databases.
        rewriter: reads each statement before fakesnow does.
        loads: whether Snowpipe is at work.
    """
    callers: dict[str, Caller] = {}
    ours: dict[str, Handler] = {
        "/session/v1/login-request": _login(signing_in, callers),
        "/queries/v1/query-request": _query(rewriter, callers),
        "/session": _session(callers),
    }
    routes = [
        Route(route.path, ours.get(route.path, route.endpoint), methods=list(route.methods or []))
        for route in fakesnow_server.routes
        if route.path not in LEFT_OUT
    ]

    async def health(_: Request) -> Response:
        body = {
            "snowpipe": loads(),
            "databases": database_names(instance),
            "statements": rewriter.read.counts(),
            "sessions": len(callers),
        }
        return JSONResponse(body, status_code=200 if loads() else 503)

    oauth = Route("/oauth/token-request", token_request(signing_in), methods=["POST"])
    return Starlette(
        routes=[*routes, oauth, Route("/health", health)],
        middleware=[Middleware(Guard, url=url)],
        exception_handlers={Malformed: _malformed},
    )


class Malformed(ValueError):
    """A request that no client of Snowflake sends."""


async def _malformed(_: Request, error: Exception) -> Response:
    return JSONResponse({"success": False, "code": "390400", "message": str(error)}, 400)


def _login(signing_in: SigningIn, callers: dict[str, Caller]) -> Handler:
    failing = asyncio.Lock()  # who guesses waits in one line

    async def login(request: Request) -> Response:
        body, asked = await _json_body(request), request.query_params
        role = asked.get("roleName") or None  # connectors from version 5 on send an empty one
        if not isinstance(body.get("data"), dict):
            raise Malformed('Expected {"data": {…}}.')
        refused = signing_in.refusal(body["data"], role)
        if refused:
            async with failing:
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)
            return _refusal(*refused)
        answer: Response = await fakesnow_server.login_request(_with_body(request, body))
        user = str(body["data"].get("LOGIN_NAME") or "")
        caller = signing_in.caller(user, role, asked.get("warehouse"))
        callers[json.loads(bytes(answer.body))["data"]["token"]] = caller
        return _named(answer)

    return login


def _named(answer: Response) -> Response:
    """The answer to a sign-in with what fakesnow leaves out.

    Connectors from version 5 on refuse an answer without it, and those before never close a session
    without a master token. No session of the embedded cloud has to be renewed by one.
    """
    told = json.loads(bytes(answer.body))
    told["data"] |= {"masterToken": told["data"]["token"], "sessionId": next(_session_ids)}
    return JSONResponse(told, status_code=answer.status_code)


def _session(callers: dict[str, Caller]) -> Handler:
    """A session that the client closes is forgotten, with the temporary tables it made."""

    async def session(request: Request) -> Response:
        answer: Response = await fakesnow_server.session(request)
        if answer.status_code == 200 and request.query_params.get("delete"):
            callers.pop(fakesnow_server.to_token(request), None)
        return answer

    return session


def _query(rewriter: Rewriter, callers: dict[str, Caller]) -> Handler:
    async def query(request: Request) -> Response:
        body = await _json_body(request)
        if not isinstance(body.get("sqlText"), str):
            raise Malformed('Expected {"sqlText": "…"}.')
        try:
            token = fakesnow_server.to_token(request)
            connection, caller = fakesnow_server.to_conn(token), callers[token]
            sent, names = body["sqlText"], names_of(connection)
            body["sqlText"] = await run_in_threadpool(
                _rewritten, rewriter, sent, connection, caller
            )
            answer: Response = await fakesnow_server.query_request(_with_body(request, body))
            if answer.status_code == 500:
                return _refusal("000603", json.loads(bytes(answer.body))["message"])
            if rewriter.access.changes(sent) and json.loads(bytes(answer.body))["success"]:
                await run_in_threadpool(rewriter.access.record, sent, caller, names)
        except fakesnow_server.ServerError as error:
            return _refusal(error.code, error.message)
        except ProgrammingError as error:
            return _refusal(f"{error.errno:06d}", str(error.raw_msg), error.sqlstate)
        return _for_node(answer) if _is_node(request) else answer

    return query


def _rewritten(
    rewriter: Rewriter, sent: str, connection: FakeSnowflakeConnection, caller: Caller
) -> str:
    """The statement to run instead; what stops the rewriter is a refusal.

    A client repeats a statement for minutes that is answered by a 500.
    """
    try:
        return rewriter.rewrite(sent, connection, caller)
    except ProgrammingError:
        raise
    except Exception as error:
        _log.exception("not rewritten: %s", sent[:200])
        raise not_known(f"{type(error).__name__}: {error}") from error


def _is_node(request: Request) -> bool:
    """Whether `snowflake-sdk` asks, the one client here that reads no Arrow."""
    return request.headers.get("User-Agent", "").startswith("JavaScript/")


def _for_node(answer: Response) -> Response:
    told = json.loads(bytes(answer.body))
    if told["success"]:
        told["data"] = with_json_rows(told["data"])
    return JSONResponse(told, status_code=answer.status_code)


def _refusal(code: str, message: str, sqlstate: str | None = None) -> JSONResponse:
    data = {"errorCode": code, "sqlState": sqlstate}
    return JSONResponse({"data": data, "code": code, "message": message, "success": False})


async def _json_body(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        parsed = json.loads(body)
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise Malformed(f"Expected JSON; found {type(error).__name__}: {error}") from error
    if not isinstance(parsed, dict):
        raise Malformed("Expected an object of JSON.")
    return parsed


def _with_body(request: Request, body: dict[str, Any]) -> Request:
    raw = json.dumps(body).encode()
    headers = [item for item in request.scope["headers"] if item[0] != b"content-encoding"]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    return Request({**request.scope, "headers": headers}, receive)
