"""MiniStack, S3 and SQS in one process, as a child that ends with us."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError

START_DEADLINE_S = 60.0
PORT_DEADLINE_S = 15.0

logger = logging.getLogger(__name__)


@contextmanager
def ministack(settings: Settings) -> Iterator[None]:
    """Run MiniStack on `AWS_ENDPOINT_URL`; stop it gracefully, so that it saves its queues.

    Raises:
        PlatformError: the port is taken, or it does not start.
    """
    address = urlsplit(settings.aws_endpoint_url or "")
    host, port = address.hostname or "127.0.0.1", address.port or 4566
    await_port_free(host, port, "AWS_ENDPOINT_URL")
    module = "local_cloud.guarded_ministack"
    process = subprocess.Popen(  # noqa: S603 - our own module
        # After our `kill -9` nobody else would stop it, and it would keep the port.
        ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, "-m", module],  # noqa: S607
        env=_environ(settings, host, port),
        stdin=subprocess.DEVNULL,
        # A signal to our group is not for it: we need it until we have stopped.
        process_group=0,
    )
    over = threading.Event()
    try:
        _await_answer(process, host, port)
        threading.Thread(target=_end_with, args=(process, over), daemon=True).start()
        yield
    finally:
        over.set()
        process.terminate()
        try:
            process.wait(PORT_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_with(process: subprocess.Popen[bytes], over: threading.Event) -> None:
    """End this process when S3 and SQS have: whoever looks after us starts both again."""
    process.wait()
    if not over.is_set():
        logger.error("MiniStack ended with %s, so the embedded cloud stops", process.returncode)
        os.kill(os.getpid(), signal.SIGTERM)


def _environ(settings: Settings, host: str, port: int) -> dict[str, str]:
    state, secret = settings.state_dir, settings.aws_secret_access_key
    return {
        **os.environ,
        # The account's own key; it knows those of users that are made by IAM, too.
        "AWS_ACCESS_KEY_ID": settings.aws_access_key_id or "",
        "AWS_SECRET_ACCESS_KEY": secret.get_secret_value() if secret else "",
        "BIND_HOST": host,
        "GATEWAY_PORT": str(port),
        # MiniStack's own variable: the tests of infra/ want CloudFormation and IAM as well.
        "SERVICES": os.environ.get("SERVICES", "s3,sqs,iam"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state / "s3"),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state / "ministack"),
        "LOG_LEVEL": "WARNING",
        # Who signs nothing is refused.
        "AUTH": "true",
        # On by default, and on every address of the machine.
        "IOT_MTLS_ENABLED": "0",
    }


def _await_answer(process: subprocess.Popen[bytes], host: str, port: int) -> None:
    deadline = time.monotonic() + START_DEADLINE_S
    while not _answers(host, port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise PlatformError(f"MiniStack did not start on {host}:{port}.")
        time.sleep(0.05)


def _answers(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((host, port)) == 0


def await_port_free(host: str, port: int, setting: str) -> None:
    """Wait a moment for a port that a predecessor is just giving up.

    Raises:
        PlatformError: somebody else keeps it.
    """
    deadline = time.monotonic() + PORT_DEADLINE_S
    while _answers(host, port):
        if time.monotonic() > deadline:
            raise PlatformError(
                f"Port {port} of {host} is taken by another program.",
                remedy=f"Stop it (`inmet down`), or set {setting} to another port.",
            )
        time.sleep(0.1)
