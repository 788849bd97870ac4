"""Environments of the clients under `.clients/`, made of the locks; a fresh one stays."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
MADE = ROOT / ".clients"
LOCKS = Path(__file__).parent / "locks"
NODE_PROJECT = Path(__file__).parent / "sdk"
UV = Path(sys.executable).parent / "uv"
# A cold download of a hundred packages; a machine without network fails long before.
INSTALL_DEADLINE_S = 900.0
COMPILED = ("--universal", "--no-build", "--python-version", "3.11", "--generate-hashes")
QUIET = ("--no-emit-index-url", "--no-header", "-q")


class NotInstalled(Exception):
    """The environment of a client cannot be made on this machine."""


class Refused(Exception):
    """A client did not do what it was asked; the text is the end of what it said."""


@dataclass(frozen=True)
class Environment:
    """The folder of a client's programs and a home folder for it, both under `.clients/`."""

    name: str

    @property
    def folder(self) -> Path:
        """Where it is installed."""
        return MADE / self.name

    @property
    def home(self) -> Path:
        """What the client takes for its user's home, so that no setting of the machine counts."""
        return self.folder / "home"

    def run(self, *command: str, **variables: str) -> str:
        """Run a program of the environment; what it printed.

        Raises:
            Refused: it ended with another code than 0.
        """
        done = subprocess.run(
            command,
            cwd=self.home,
            env=self.environ(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            raise Refused((done.stdout + done.stderr).strip()[-1500:])
        return done.stdout

    def environ(self, **variables: str) -> dict[str, str]:
        """Its programs first on the path, and nothing else of this machine's environment."""
        path = os.pathsep.join([str(self.folder / "bin"), os.environ["PATH"]])
        return {"PATH": path, "HOME": str(self.home), "LANG": "C.UTF-8", **variables}

    def program(self, name: str) -> str:
        """The full path of a program: one of the machine must not stand in for it."""
        return str(self.folder / "bin" / name)


def python_environment(name: str) -> Environment:
    """The environment of `locks/<name>.lock`, with hashes.

    Raises:
        NotInstalled: a package cannot be fetched or has no wheel for this machine.
    """
    made, lock = Environment(name), LOCKS / f"{name}.lock"
    if _is_fresh(made, lock):
        return made
    shutil.rmtree(made.folder, ignore_errors=True)
    _install([str(UV), "venv", "-q", "--python", sys.executable, str(made.folder)])
    sync = [str(UV), "pip", "sync", "-q", "--no-build", "--require-hashes", str(lock)]
    _install(sync, VIRTUAL_ENV=str(made.folder))
    return _made(made, lock)


def node_environment(name: str) -> Environment:
    """The environment of `sdk/package-lock.json`; its modules are in `node_modules` of the folder.

    Raises:
        NotInstalled: npm is missing or cannot fetch a package.
    """
    made, lock = Environment(name), NODE_PROJECT / "package-lock.json"
    if _is_fresh(made, lock):
        return made
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstalled("npm is not there; install Node 20 or newer")
    shutil.rmtree(made.folder, ignore_errors=True)
    made.folder.mkdir(parents=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(NODE_PROJECT / file, made.folder)
    _install([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=made.folder)
    return _made(made, lock)


def write_locks() -> None:
    """Write the locks again from `locks/*.in` and `sdk/package.json`: versions and hashes.

    Each package gets its newest version, if an `.in` or `package.json` does not name one.
    """
    for wanted in sorted(LOCKS.glob("*.in")):
        lock = wanted.with_suffix(".lock")
        relative = [str(it.relative_to(ROOT)) for it in (wanted, lock)]
        compiled = [str(UV), "pip", "compile", "--upgrade", relative[0], "-o", relative[1]]
        _install([*compiled, *COMPILED, *QUIET], cwd=ROOT)
    if npm := shutil.which("npm"):
        update = [npm, "install", "--package-lock-only", "--ignore-scripts", "--no-audit"]
        _install([*update, "--omit-lockfile-registry-resolved"], cwd=NODE_PROJECT)
        _without_addresses(NODE_PROJECT / "package-lock.json")


def _without_addresses(lock: Path) -> None:
    """Leave out where the authors of packages ask for money: a lock holds versions and hashes."""
    content = json.loads(lock.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        package.pop("funding", None)
    lock.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def locked_version(name: str, package: str) -> str:
    """The version of a package in a lock.

    Raises:
        KeyError: the lock does not have it.
    """
    if name == NODE_PROJECT.name:
        lock = json.loads((NODE_PROJECT / "package-lock.json").read_text(encoding="utf-8"))
        return str(lock["packages"][f"node_modules/{package}"]["version"])
    for line in (LOCKS / f"{name}.lock").read_text(encoding="utf-8").splitlines():
        pin = line.split(";")[0].rstrip(" \\")
        if pin.partition("==")[0].partition("[")[0] == package:
            return pin.partition("==")[2].strip()
    raise KeyError(f"{package} is not in {name}.lock")


def _is_fresh(made: Environment, lock: Path) -> bool:
    marker = made.folder / "made-of"
    return marker.exists() and marker.read_text(encoding="utf-8") == _hash(lock)


def _made(made: Environment, lock: Path) -> Environment:
    made.home.mkdir(exist_ok=True)
    (made.folder / "made-of").write_text(_hash(lock), encoding="utf-8")
    return made


def _hash(lock: Path) -> str:
    told = f"{sys.version_info[:2]} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    return told + "\n"


def _install(command: list[str], cwd: Path | None = None, **variables: str) -> None:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=INSTALL_DEADLINE_S,
        check=False,
    )
    if done.returncode:
        raise NotInstalled(done.stderr.strip()[-1500:])
