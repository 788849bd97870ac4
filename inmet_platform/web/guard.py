"""Keeps pages of other sites away from a service on this machine.

A browser sends what a page asks it to send, to 127.0.0.1 too. Such a request tells where it comes
from (`Origin`, `Sec-Fetch-Site`), or, when a name of another site leads here (DNS rebinding), whom
it takes us for (`Host`). Programs send none of these, but a true Host.
"""

from __future__ import annotations

from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")

# For pages of the web the meaning of a GET: nothing changes.
_SAFE = ("GET", "HEAD")


def is_loopback(url: str | None) -> bool:
    """Whether an address is of this machine alone."""
    name = urlsplit(url or "").hostname or ""
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI middleware: refuses what a page of another site sends.

    A link from another site may still be followed, but to `posted`.
    """

    def __init__(self, app: ASGIApp, url: str | None, posted: tuple[str, ...] = ()) -> None:
        """Wrap an application.

        Args:
            app: is asked when a request may come in.
            url: where it listens. On loopback it has loopback's names and no other; elsewhere its
                names are the network's matter.
            posted: paths that take questions and orders alike, and by POST alone.
        """
        self._app, self._posted = app, posted
        self._names = {urlsplit(url or "").hostname, *LOOPBACK} if is_loopback(url) else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 403 or 405."""
        refused = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refused is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused[1]})
        else:
            status, sentence = refused
            await PlainTextResponse(f"{sentence}\n", status_code=status)(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[HTTPStatus, str] | None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        name = urlsplit(f"//{host}").hostname
        if self._names is not None and not self._is_ours(name):
            return HTTPStatus.FORBIDDEN, f"Expected a name of this machine as Host; found {host!r}."
        origin = headers.get(b"origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return HTTPStatus.FORBIDDEN, f"A page of {origin!r} may not ask this service."
        method, path = scope.get("method", "GET"), scope["path"]
        is_link = method in _SAFE and headers.get(b"sec-fetch-mode") == "navigate"
        is_posted = path in self._posted
        if headers.get(b"sec-fetch-site") == "cross-site" and (is_posted or not is_link):
            return HTTPStatus.FORBIDDEN, "A page of another site may not ask this service."
        if is_posted and method in _SAFE and scope.get("query_string"):
            return HTTPStatus.METHOD_NOT_ALLOWED, f"{path} is asked by POST."
        return None

    def _is_ours(self, name: str | None) -> bool:
        """Whether it is a name of loopback: `bucket.localhost` is one, too (RFC 6761, 6.3)."""
        return name in (self._names or ()) or str(name).endswith(".localhost")
