"""A MariaDB of the tests' own: a fresh data folder, a free loopback port, one user."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import ClassVar

import pymysql

from inmet_platform_tests.embedded import free_port

# Debian keeps the server where only root's PATH looks.
SEARCH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
MARIADBD = shutil.which("mariadbd", path=SEARCH)
INSTALL_DB = shutil.which("mariadb-install-db", path=SEARCH)
START_DEADLINE_S = 60.0
USER, PASSWORD = "inmet", "loopback-only"
DATABASES = ("mlflow", "dagster")
# dagster-mysql refuses Python 3.14, and is not installed there.
DAGSTER_TAKES_MYSQL = sys.version_info < (3, 14)


class MariaDb:
    """A server with the databases `mlflow` and `dagster`, and a user who may do all in them."""

    running: ClassVar[list[MariaDb]] = []

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self.log = folder / "mariadbd.log"
        self._process: subprocess.Popen[bytes] | None = None

    def uri(self, database: str) -> str:
        return f"mysql+pymysql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    @property
    def socket(self) -> Path:
        """Where root signs in without a password."""
        return self._folder / "data" / "server.sock"

    def environ(self, database: str) -> dict[str, str]:
        """The settings that name it."""
        return {
            "MYSQL_HOST": "127.0.0.1",
            "MYSQL_PORT": str(self.port),
            "MYSQL_DATABASE": database,
            "MYSQL_USER": USER,
            "MYSQL_PASSWORD": PASSWORD,
        }

    def connect(self, database: str) -> pymysql.Connection:
        return pymysql.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, database=database
        )

    def start(self) -> None:
        assert MARIADBD
        assert INSTALL_DB
        data = self._folder / "data"
        # A server that starts removes every temporary table in its tmpdir, others' too.
        scratch = self._folder / "tmp"
        scratch.mkdir(exist_ok=True)
        common = [
            *("--no-defaults", f"--user={getpass.getuser()}"),
            *(f"--datadir={data}", f"--tmpdir={scratch}"),
        ]
        done = subprocess.run(
            [INSTALL_DB, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done
        grants = [f"CREATE USER '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';"]
        for name in DATABASES:
            grants += [
                f"CREATE DATABASE {name} CHARACTER SET utf8mb4;",
                f"GRANT ALL ON {name}.* TO '{USER}'@'127.0.0.1';",
            ]
        init = self._folder / "init.sql"
        init.write_text("\n".join(grants))
        with self.log.open("ab") as stream:
            self._process = subprocess.Popen(
                [
                    *(MARIADBD, *common, "--bind-address=127.0.0.1", f"--port={self.port}"),
                    # Relative to the data folder: a socket's path has at most 107 characters.
                    *("--socket=server.sock", "--pid-file=server.pid", f"--init-file={init}"),
                    *("--skip-name-resolve", "--innodb-buffer-pool-size=64M"),
                ],
                stdout=stream,
                stderr=stream,
            )
        self.running.append(self)
        self._await_ready()

    def _await_ready(self) -> None:
        assert self._process
        deadline = time.monotonic() + START_DEADLINE_S
        while True:
            try:
                self.connect(DATABASES[-1]).close()
                return
            except pymysql.OperationalError:
                assert self._process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.05)

    def stop(self) -> None:
        if self._process is None:
            return
        self.running.remove(self)
        self._process.terminate()
        try:
            self._process.wait(30)
        finally:
            self._process.kill()
