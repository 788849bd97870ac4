"""What is soaked: an embedded cloud, `inmet up` beside it, and proxies between them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import httpx
from botocore.exceptions import BotoCoreError, ClientError

from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.embedded import EmbeddedCloud, clean_environ, free_port, write_home
from inmet_platform_tests.processes import INMET, end, start
from inmet_platform_tests.soak.drawing import Drawn
from inmet_platform_tests.soak.proxy import Proxy

UP_DEADLINE_S = 300.0


@dataclass
class Sent:
    """What was sent to the upload service, and what it answered; `id` of what it accepted."""

    name: str
    status: int
    id: str = ""
    reason: str = ""


@dataclass
class Tally:
    """What happened."""

    sent: list[Sent] = field(default_factory=list)
    put: list[str] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    up_starts: int = 0


class World:
    """The platform in a folder of its own, whose temporary files are there too."""

    def __init__(self, folder: Path) -> None:
        """Start it all."""
        self.folder, self.tally = folder, Tally()
        self.cloud = EmbeddedCloud(folder / "cloud")
        self.cloud.start()
        real = self.cloud.settings
        self.s3_proxy = Proxy(int(str(real.aws_endpoint_url).rpartition(":")[2]))
        self.snowflake_proxy = Proxy(real.snowflake_port)
        self.settings = write_home(
            folder / "home",
            AWS_ENDPOINT_URL=f"http://127.0.0.1:{self.s3_proxy.port}",
            SNOWFLAKE_PORT=str(self.snowflake_proxy.port),
            INMET_SERVICES="upload,data,mlflow,dagster",
            **{
                name: f"http://127.0.0.1:{free_port()}"
                for name in ("UPLOAD_URL", "DATA_URL", "DAGSTER_URL", "MLFLOW_URL")
            },
        )
        self.temporary = folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self.log = folder / "up.log"
        self.s3 = boto3.client("s3", **real.aws_client_arguments())
        self.sqs = boto3.client("sqs", **real.aws_client_arguments())
        self.bucket = Bucket(self.s3, self.settings.s3_bucket)
        self._up: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._cloud_lock = threading.Lock()
        self.start_up()
        self._looking = threading.Thread(target=self._look_after, daemon=True)
        self._looking.start()

    def start_up(self) -> None:
        """`inmet up`, as a service manager starts it, again and again."""
        environ = {**clean_environ(self.settings.home), "TMPDIR": str(self.temporary)}
        self._up = start([INMET, "up"], self.log, environ)
        self.tally.up_starts += 1

    def await_up(self) -> None:
        """Wait until the upload service and Dagster answer."""
        deadline = time.monotonic() + UP_DEADLINE_S
        settings = self.settings
        for url in (f"{settings.upload_url}/ready", f"{settings.dagster_url}/server_info"):
            while not _answers(url):
                assert time.monotonic() < deadline, self.log.read_text(errors="replace")[-5000:]
                time.sleep(0.5)

    def _look_after(self) -> None:
        """What a machine's service manager does for the cloud and for `inmet up`."""
        while not self._stopping.wait(1.0):
            if self._up and self._up.poll() is not None:
                self.start_up()
            with self._cloud_lock:
                if self.cloud.has_ended():
                    self._restart_cloud(signal.SIGKILL)

    def restart_cloud(self, by: signal.Signals) -> None:
        """End the embedded cloud, and start it again."""
        with self._cloud_lock:
            self._restart_cloud(by)

    def _restart_cloud(self, by: signal.Signals) -> None:
        self.cloud.kill() if by == signal.SIGKILL else self.cloud.stop()
        for attempt in range(3):
            try:
                self.cloud.start()
                return
            except AssertionError:
                if attempt == 2:
                    raise

    def processes(self) -> dict[int, str]:
        """Number and command of every process of the platform and of the cloud."""
        homes = {f"INMET_HOME={path}".encode() for path in (self.settings.home, self.cloud.home)}
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, ValueError):
                if homes & set((folder / "environ").read_bytes().split(b"\0")):
                    command = (folder / "cmdline").read_text().replace("\0", " ").strip()
                    if command:  # a zombie has none
                        found[int(folder.name)] = command
        return found

    def kill(self, pattern: str, rng: random.Random) -> bool:
        """`kill -9` of one process whose command holds a text; whether there was one."""
        found = sorted(pid for pid, it in self.processes().items() if pattern in it)
        if not found:
            return False
        with suppress(ProcessLookupError):
            os.kill(rng.choice(found), signal.SIGKILL)
        return True

    def send(self, drawn: Drawn) -> None:
        """Send a file to the upload service, once."""
        try:
            answer = httpx.post(
                f"{self.settings.upload_url}/upload",
                files={"file": (drawn.name, drawn.data)},
                timeout=60.0,
            )
            body = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            self.tally.sent.append(Sent(drawn.name, 0, reason=type(error).__name__))
            return
        sent = Sent(drawn.name, answer.status_code, reason=str(body.get("detail", "")))
        if answer.status_code in (200, 201):
            sent.id = body["files"][0]["file"]["id"]
        self.tally.sent.append(sent)

    def put(self, drawn: Drawn) -> None:
        """Put a file straight into raw/, as `aws s3 cp` does."""
        key = f"{self.bucket.raw_prefix}by hand/{drawn.name}"
        with suppress(ClientError, BotoCoreError):
            self.s3.put_object(Bucket=self.bucket.name, Key=key, Body=drawn.data)
            self.tally.put.append(key)

    def calm(self) -> None:
        """No fault any more."""
        for proxy in (self.s3_proxy, self.snowflake_proxy):
            proxy.be("pass")

    def stop(self) -> None:
        """End everything."""
        self._stopping.set()
        self._looking.join()
        self.calm()
        if self._up and self._up.poll() is None:
            end(self._up)
        self.cloud.stop()
        for proxy in (self.s3_proxy, self.snowflake_proxy):
            proxy.stop()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0).is_success
    except httpx.HTTPError:
        return False
