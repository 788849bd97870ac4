"""A portal for tests: an HTTP server on loopback that publishes files and fails when told to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

EDITION = "Mon, 06 Jan 2025 12:00:00 GMT"
NEXT_EDITION = "Thu, 06 Feb 2025 12:00:00 GMT"


@dataclass(frozen=True)
class Published:
    data: bytes
    etag: str | None = '"first"'
    last_modified: str | None = EDITION

    @property
    def validators(self) -> dict[str, str]:
        pairs = {"ETag": self.etag, "Last-Modified": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    status: int = 0
    sent_bytes: int = 0


class Portal:
    """What is published by path, the answers that come before the right ones, what was asked."""

    def __init__(self) -> None:
        self.files: dict[str, Published] = {}
        self.faults: list[Fault] = []
        self.requests: list[Request] = []
        self.url = ""

    def publish(self, year: int, data: bytes, **validators: str | None) -> Published:
        file = Published(data, **validators)
        self.files[f"/{year}.zip"] = file
        return file

    @property
    def statuses(self) -> list[int]:
        return [request.status for request in self.requests]


class Handler(BaseHTTPRequestHandler):
    portal: Portal

    def do_GET(self) -> None:
        self.request_seen = Request(
            self.path, {name.lower(): value for name, value in self.headers.items()}
        )
        self.portal.requests.append(self.request_seen)
        answer = self.portal.faults.pop(0) if self.portal.faults else right
        answer(self)

    @property
    def file(self) -> Published | None:
        return self.portal.files.get(self.path)

    def answer(
        self,
        status: int,
        body: bytes = b"",
        *,
        length: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Send an answer, which announces `length` bytes when that is another number."""
        self.request_seen.status, self.request_seen.sent_bytes = status, len(body)
        self.send_response(status)
        announced = len(body) if length is None else length
        for name, value in {"Content-Length": str(announced), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


Fault = Callable[[Handler], None]


def right(handler: Handler) -> None:
    """What a good server says: 404, 304, 416, 206 or 200."""
    file, asked = handler.file, handler.request_seen.headers
    if file is None:
        handler.answer(404, b"not here")
    elif file.etag and asked.get("if-none-match") == file.etag:
        handler.answer(304, headers=file.validators)
    elif "range" in asked and asked.get("if-range") in (file.etag, file.last_modified):
        _rest(handler, file, asked["range"])
    else:
        handler.answer(200, file.data, headers=file.validators)


def _rest(handler: Handler, file: Published, asked: str) -> None:
    match = re.fullmatch(r"bytes=(\d+)-", asked)
    assert match
    start, size = int(match[1]), len(file.data)
    if start >= size:
        handler.answer(416, headers={"Content-Range": f"bytes */{size}"})
    else:
        whole = {"Content-Range": f"bytes {start}-{size - 1}/{size}", **file.validators}
        handler.answer(206, file.data[start:], headers=whole)


def broken_off(at: int) -> Fault:
    """Announces what is missing and sends `at` bytes of it."""

    def fault(handler: Handler) -> None:
        assert handler.file
        data, headers, status = handler.file.data, handler.file.validators, 200
        if "range" in handler.request_seen.headers:
            start = int(handler.request_seen.headers["range"].removeprefix("bytes=")[:-1])
            headers = {**headers, "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
            data, status = data[start:], 206
        handler.answer(status, data[:at], length=len(data), headers=headers)

    return fault


def announcing(difference: int) -> Fault:
    """Sends the whole file and announces more or less."""

    def fault(handler: Handler) -> None:
        assert handler.file
        data = handler.file.data
        validators = handler.file.validators
        handler.answer(200, data, length=len(data) + difference, headers=validators)

    return fault


def answering(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Fault:
    """The same answer, whatever was asked."""
    return lambda handler: handler.answer(status, body, headers=headers)


def without_ranges(handler: Handler) -> None:
    """The whole file, whatever range was asked for."""
    assert handler.file
    handler.answer(200, handler.file.data, headers=handler.file.validators)


@contextmanager
def running_portal() -> Iterator[Portal]:
    portal = Portal()
    handler = type("BoundHandler", (Handler,), {"portal": portal})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        portal.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield portal
        finally:
            server.shutdown()
            thread.join()
