"""Answers until the data change: ETag and 304 for who asks again, the newest kept in memory."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

MOST_BYTES = 64 << 20
# Kept by whoever asked, and asked for again with its ETag: an export may come at any moment.
CACHE_CONTROL = "no-cache"


class Answers:
    """The bodies given last, by what was asked of which files; at most 64 MB of them."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Begin with none."""
        self._most, self._size = most_bytes, 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """A body, which is then the newest."""
        with self._lock:
            if key in self._bodies:
                self._bodies.move_to_end(key)
            return self._bodies.get(key)

    def put(self, key: str, body: bytes) -> None:
        """Keep a body; the oldest make room."""
        with self._lock:
            self._size += len(body) - len(self._bodies.pop(key, b""))
            self._bodies[key] = body
            while self._size > self._most:
                self._size -= len(self._bodies.popitem(last=False)[1])


class CachedRoute(APIRoute):
    """A route whose answer depends on the exported files and the question alone."""

    def _moment(self) -> str:
        return ""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, asked only when nobody has the answer."""
        handle = super().get_route_handler()

        async def cached(request: Request) -> Response:
            version = await run_in_threadpool(request.app.state.store.version)
            asked = f"{request.app.version} {request.url.path}?{sorted_query(request)}"
            key = hashlib.sha256(f"{version} {self._moment()} {asked}".encode()).hexdigest()[:32]
            headers = {"ETag": f'"{key}"', "Cache-Control": CACHE_CONTROL}
            if key in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=headers)
            answers: Answers = request.app.state.answers
            body = answers.get(key)
            if body is not None:
                return Response(body, media_type="application/json", headers=headers)
            response = await handle(request)
            response.headers.update(headers)
            if response.status_code == 200 and response.media_type == "application/json":
                answers.put(key, bytes(response.body))
            return response

        return cached


class AgingRoute(CachedRoute):
    """A route whose answer also tells an age: it holds for a minute."""

    def _moment(self) -> str:
        return f"{datetime.now(UTC):%Y-%m-%dT%H:%M}"


def sorted_query(request: Request) -> str:
    """The parameters, in whatever order they came."""
    return repr(sorted(request.query_params.multi_items()))
