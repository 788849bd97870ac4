"""A MariaDB of the tests' own: a fresh data folder, a free loopback port, one user."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pymysql

from inmet_platform_tests.embedded import free_port
from inmet_platform_tests.processes import await_that, end, start

# Debian keeps the server where only root's PATH looks.
SEARCH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
MARIADBD = shutil.which("mariadbd", path=SEARCH)
INSTALL_DB = shutil.which("mariadb-install-db", path=SEARCH)
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
        arguments = [
            *(MARIADBD, *common, "--bind-address=127.0.0.1", f"--port={self.port}"),
            # Relative to the data folder: a socket's path has at most 107 characters.
            *("--socket=server.sock", "--pid-file=server.pid", f"--init-file={init}"),
            *("--skip-name-resolve", "--innodb-buffer-pool-size=64M"),
        ]
        self._process = start(arguments, self.log, os.environ)
        try:
            await_that(self._answers, self.log, self._process)
        except BaseException:
            end(self._process)
            raise
        self.running.append(self)

    def _answers(self) -> bool:
        try:
            self.connect(DATABASES[-1]).close()
        except pymysql.OperationalError:
            return False
        return True

    def stop(self) -> None:
        assert self._process
        self.running.remove(self)
        end(self._process)
