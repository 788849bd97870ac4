"""Few questions at once: the others wait their turn, and beyond some the answer is 503."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data_service.problems import Unready
from inmet_platform.web.problems import problem

# Answered whatever else goes on: whether the process lives, and files that are only sent, and
# what Prometheus asks.
FREE = ("/health", "/ready", "/metrics", "/static/")


class LimitQuestions:
    """ASGI middleware: a question holds its place until its answer begins.

    What is still to be sent then is in memory or in a finished file: a slow reader keeps nobody
    from asking.
    """

    def __init__(self, app: ASGIApp, at_once: int, most_waiting: int) -> None:
        """Wrap an application."""
        self._app = app
        self._places = asyncio.Semaphore(at_once)
        self._most_waiting = most_waiting
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, now or later, or answer 503."""
        if scope["type"] != "http" or scope["path"].startswith(FREE):
            await self._app(scope, receive, send)
            return
        if self._waiting >= self._most_waiting:
            refusal = Unready(
                f"{self._waiting} requests are waiting already.", remedy="Ask again in a moment."
            )
            await problem(refusal)(scope, receive, send)
            return
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_held = True

        def let_go() -> None:
            nonlocal is_held
            if is_held:
                is_held = False
                self._places.release()

        async def releasing(message: Message) -> None:
            if message["type"] == "http.response.start":
                let_go()
            await send(message)

        try:
            await self._app(scope, receive, releasing)
        finally:
            let_go()
