"""A proxy before an endpoint that is slow, cuts off, refuses or answers 503 when it is told to."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["pass", "slow", "cut", "refuse", "unavailable", "refused statement"]

SLOW_S = 4.0
CUT_AFTER_BYTES = 300

UNAVAILABLE = (
    b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nRetry-After: 1\r\n"
    b"Content-Length: 44\r\nConnection: close\r\n\r\n<Error><Code>SlowDown</Code></Error>        "
)
# As Snowflake answers a statement that ran for too long.
_BODY = (
    b'{"data":{"errorCode":"000630","sqlState":"57014"},"code":"000630","message":"Statement '
    b'reached its statement or warehouse timeout of 60 second(s) and was canceled.",'
    b'"success":false}'
)
REFUSED_STATEMENT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
)


class Proxy:
    """Listens on a port of loopback and passes on to another; a new mode cuts what is open."""

    def __init__(self, target_port: int) -> None:
        """Listen, in threads of its own."""
        self._target = ("127.0.0.1", target_port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._mode: Mode = "pass"
        self.answered = 0  # by the proxy itself
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def be(self, mode: Mode) -> None:
        """Behave so from now on."""
        with self._lock:
            self._mode = mode
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Listen no more."""
        self._listening.close()
        self.be("refuse")

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        mode = self._mode
        with client, suppress(OSError):
            if mode == "refuse":
                return
            if mode in ("unavailable", "refused statement"):
                self._answer(client, mode)
                return
            if mode == "slow":
                time.sleep(SLOW_S)
            with socket.create_connection(self._target) as server:
                self._pass_on(client, server, cut=mode == "cut")

    def _answer(self, client: socket.socket, mode: Mode) -> None:
        asked = client.recv(65_536)
        is_query = b"/queries/v1/query-request" in asked.partition(b"\r\n")[0]
        client.settimeout(0.3)
        with suppress(OSError):  # the rest of the body
            while client.recv(65_536):
                pass
        self.answered += 1
        client.sendall(REFUSED_STATEMENT if is_query and mode != "unavailable" else UNAVAILABLE)

    def _pass_on(self, client: socket.socket, server: socket.socket, *, cut: bool) -> None:
        with self._lock:
            self._open |= {client, server}
        try:
            back = threading.Thread(target=_copy, args=(server, client, cut), daemon=True)
            back.start()
            _copy(client, server, False)
            back.join()
        finally:
            with self._lock:
                self._open -= {client, server}


def _copy(source: socket.socket, target: socket.socket, cut: bool) -> None:
    """Pass on until one side ends; with `cut` only the beginning of an answer."""
    passed = 0
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data[:CUT_AFTER_BYTES] if cut else data)
            passed += len(data)
            if cut and passed > CUT_AFTER_BYTES:
                break
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
