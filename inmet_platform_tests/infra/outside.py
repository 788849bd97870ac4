"""A service of docker-compose.yml as a process here, without a container.

Its command, its environment and its health check are the file's own. Replaced are only the names
of the other services (by loopback), their ports (by free ones) and the folders of the container.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from inmet_platform_tests.infra.compose import copied, services
from inmet_platform_tests.processes import ROOT, end, start

# The machine may be busy; alone the services take some 40 s.
DEADLINE_S = 300.0


class Outside:
    """The services, their ports and folders; ends what it started."""

    def __init__(self, folder: Path, ports: dict[str, int], **filled: str) -> None:
        """`filled` are variables of .env that a person fills in otherwise here."""
        self.ports = ports
        self._services = services(**filled)
        self._folder = folder
        self._logs = folder / "logs"
        self._image = folder / "opt" / "inmet"
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._next_check: dict[str, float] = {}
        for path in (self._logs, folder / "srv" / "inmet", self._image, folder / "opt" / "dagster"):
            path.mkdir(parents=True)
        self._copy_image()

    def _copy_image(self) -> None:
        """The working folder of the image: what the Dockerfile copies, and nothing else."""
        for item in copied():
            target = self._image / item
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / item).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / item, target, ignore=ignored)
            else:
                shutil.copy(ROOT / item, target)

    def mount(self, name: str) -> None:
        """Copy the files, with their ports replaced, that the service mounts read-only."""
        for volume in self._services[name]["volumes"]:
            source, target, *_ = volume.split(":")
            if source.endswith(".yaml"):
                text = (ROOT / source).read_text()
                ported = re.sub(r"port: (\d+)", lambda found: f"port: {self._port(found[1])}", text)
                Path(self.translate(target)).write_text(ported)

    def translate(self, text: str, name: str = "") -> str:
        """A string of the file as it must be here; `name` is the variable or option before it."""
        hosts = "|".join(self._services)
        text = re.sub(
            rf"(?<![\w.-])(?:{hosts}):(\d+)",
            lambda found: f"127.0.0.1:{self._port(found[1])}",
            text,
        )
        text = text.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - it is taken out
        text = re.sub(r"^/(srv|opt)/", f"{self._folder}/\\1/", text)
        if name.endswith("HOST") and text in self._services:
            return "127.0.0.1"
        return str(self._port(text)) if name.endswith(("PORT", "--port")) else text

    def _port(self, number: str) -> int | str:
        return self.ports[number] if number else ""

    def environ(self, name: str) -> dict[str, str]:
        """The environment of the service, and nothing of ours but where programs are."""
        tools = (ROOT / "infra" / "docker", Path(sys.executable).parent)
        told = self._services[name].get("environment", {})
        return {
            "PATH": os.pathsep.join([*map(str, tools), "/usr/bin", "/bin"]),
            "HOME": str(self._folder),
            **{key: self.translate(value, key) for key, value in told.items()},
        }

    def _arguments(self, words: list[str]) -> list[str]:
        before = ["", *words]
        return [self.translate(word, of) for of, word in zip(before, words, strict=False)]

    def up(self, names: set[str], **changes: str) -> None:
        """Start each as soon as what it waits for is there, and wait until all are."""
        there: set[str] = set()
        deadline = time.monotonic() + DEADLINE_S
        while there < names:
            for name in names - there:
                if name in self._running:
                    there |= self._is_there(name)
                elif set(self._services[name].get("depends_on", {})) & names <= there:
                    self.start(name, **changes)
                assert time.monotonic() < deadline, (name, self.log(name))
            time.sleep(0.1)

    def _is_there(self, name: str) -> set[str]:
        """The name when it is; health is asked for as often as the file says."""
        ended = self._running[name].poll()
        if self._services[name]["restart"] == "no":
            assert ended in {None, 0}, self.log(name)
            return {name} if ended == 0 else set()
        assert ended is None, self.log(name)
        if time.monotonic() < self._next_check.get(name, 0.0):
            return set()
        healthy = self.is_healthy(name)
        pause = self._services[name]["healthcheck"]["start_interval"].removesuffix("s")
        self._next_check[name] = time.monotonic() + float(pause)
        return {name} if healthy else set()

    def start(self, name: str, **changes: str) -> None:
        """Start it, and do not wait."""
        self._running[name] = start(
            self._arguments(self._services[name]["command"]),
            self._logs / name,
            {**self.environ(name), **changes},
            cwd=self._image,
        )

    def is_healthy(self, name: str) -> bool:
        """Whether the health check of the file says so."""
        kind, *words = self._services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        done = subprocess.run(
            self._arguments(words),
            cwd=self._image,
            env=self.environ(name),
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    def await_end(self, name: str) -> None:
        assert self._running[name].wait(DEADLINE_S) == 0, self.log(name)

    def log(self, name: str) -> str:
        path = self._logs / name
        return path.read_text(errors="replace")[-4000:] if path.exists() else "not started"

    def stop(self) -> None:
        """Ask each group to end, in the reverse order, then end what is left."""
        end(*reversed(self._running.values()))
