"""The form of a backup: one tar file (POSIX pax) that holds `raw/` and the store of the models.

inmet-backup.json         the version of this form, and where the models' artifacts lie
raw/<rest of the key>     a raw object; its upload's time and metadata stand in its pax header
mlflow/mlflow.db          the store of the models, when it is a file
mlflow/artifacts/<path>   what belongs to them
end.json                  how many raw objects there are: without it the file was cut off
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from inmet_platform.errors import PlatformError

VERSION = 1
HEAD, END = "inmet-backup.json", "end.json"
RAW, STORE, ARTIFACTS = "raw/", "mlflow/mlflow.db", "mlflow/artifacts/"
_RECEIVED_AT, _METADATA = "INMET.received-at", "INMET.metadata"


class BackupError(PlatformError):
    """A backup that cannot be written or read."""


@dataclass(frozen=True)
class Member:
    """One member of the file: its name, its content, and what its pax header tells."""

    name: str
    content: IO[bytes]
    received_at: datetime | None = None
    metadata: dict[str, str] | None = None


def add_json(archive: tarfile.TarFile, name: str, value: dict[str, Any]) -> None:
    """Add a small member."""
    body = json.dumps(value, indent=2).encode()
    info = tarfile.TarInfo(name)
    info.size = len(body)
    archive.addfile(info, io.BytesIO(body))


def add_raw(
    archive: tarfile.TarFile,
    path: Path,
    rest_of_key: str,
    received_at: datetime,
    metadata: dict[str, str],
) -> None:
    """Add a raw object.

    Args:
        archive: open for writing.
        path: of its bytes.
        rest_of_key: what follows `raw/`.
        received_at: when it was uploaded.
        metadata: of the object.
    """
    info = archive.gettarinfo(str(path), RAW + rest_of_key)
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mtime = int(received_at.timestamp())
    info.pax_headers = {
        _RECEIVED_AT: received_at.isoformat(),
        _METADATA: json.dumps(metadata),
    }
    with path.open("rb") as stream:
        archive.addfile(info, stream)


def members(path: Path) -> Iterator[Member]:
    """The members after the head, in their order; the content of one is read before the next.

    Raises:
        BackupError: it is no backup, of a newer form, or cut off.
    """
    raw_count = 0
    for number, member in enumerate(_files(path)):
        if number == 0:
            _require_known(path, member)
        elif member.name == END:
            _require_whole(path, raw_count, json.load(member.content)["raw_objects"])
            return
        else:
            raw_count += member.name.startswith(RAW)
            yield member
    raise BackupError(
        f"{path} ends before its end: it was cut off after {raw_count:,} raw object(s).",
        remedy="Take another backup. Nothing was put of this one.",
    )


def head_of(path: Path) -> dict[str, Any]:
    """The first member of a backup.

    Raises:
        BackupError: it is no backup, or of a newer form.
    """
    for member in _files(path):
        return _require_known(path, member)
    raise _no_backup(path, "an empty file")


def _files(path: Path) -> Iterator[Member]:
    try:
        with tarfile.open(path, "r:") as archive:
            for info in archive:
                content = archive.extractfile(info)
                if content is not None:
                    told = info.pax_headers
                    at = told.get(_RECEIVED_AT)
                    yield Member(
                        info.name,
                        content,
                        datetime.fromisoformat(at) if at else None,
                        json.loads(told[_METADATA]) if _METADATA in told else None,
                    )
    except tarfile.TarError as error:
        raise _no_backup(path, str(error)) from error


def _no_backup(path: Path, found: str) -> BackupError:
    return BackupError(
        f"Expected a backup that `inmet backup` wrote, whole; found in {path}: {found}.",
        remedy="Take another backup.",
    )


def _require_known(path: Path, member: Member) -> dict[str, Any]:
    if member.name != HEAD:
        raise _no_backup(path, f"a first member {member.name!r} instead of {HEAD}")
    head: dict[str, Any] = json.load(member.content)
    if head["version"] > VERSION:
        raise BackupError(
            f"{path} is a backup of form {head['version']}; this version of the platform knows "
            f"form {VERSION}.",
            remedy="Restore it with the version that wrote it, or a newer one.",
        )
    return head


def _require_whole(path: Path, found: int, expected: int) -> None:
    if found != expected:
        raise _no_backup(path, f"{found:,} of {expected:,} raw objects")
