"""Refuses a body that is too large, and more uploads at once than the service takes."""

from __future__ import annotations

from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inmet_platform.web.problems import problem
from upload_service.problems import Busy, TooLarge


class LimitBody:
    """ASGI middleware: reads no more than the limit, whatever Content-Length said."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        """Wrap an application."""
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._most:
            await problem(TooLarge(self._most))(scope, receive, send)
            return
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most:
                raise TooLarge(self._most)
            return message

        async def guarded(message: Message) -> None:
            # The form parser turns what we raise into its own 400.
            if seen <= self._most:
                await send(message)

        with suppress(TooLarge):
            await self._app(scope, limited, guarded)
        if seen > self._most:
            await problem(TooLarge(self._most))(scope, receive, send)


class LimitAtOnce:
    """ASGI middleware: beyond some uploads that are on their way, the answer is 503.

    A slow sender keeps nobody from sending until there are that many of them.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        """Wrap an application."""
        self._app, self._most, self._count = app, most, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 503; other requests than uploads are always passed on."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        if self._count >= self._most:
            await problem(Busy(self._most))(scope, receive, send)
            return
        self._count += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._count -= 1
