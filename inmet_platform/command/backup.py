"""`inmet backup` and `inmet restore`: `raw/` and the models in one file, and back.

RAW and CLEAN are made of `raw/`, so they are not in the file: a restore makes them again.
"""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit
from urllib.request import url2pathname

from inmet_platform.command import backup_file
from inmet_platform.command.backup_file import ARTIFACTS, RAW, STORE, BackupError, Member
from inmet_platform.command.rebuild_command import begin, finish
from inmet_platform.command.services import warehouse_running
from inmet_platform.config.scratch import remove_dead_scratch, scratch_folder
from inmet_platform.config.settings import Settings
from inmet_platform.errors import ObjectMissing
from inmet_platform.storage.bucket import Bucket

Say = Callable[[str], None]

SCRATCH = "inmet-backup-"
TELL_EVERY_S = 5.0


def back_up(settings: Settings, target: Path, say: Say) -> None:
    """Write every raw object and the models into one tar file; all services may go on meanwhile.

    The platform rewrites no raw object: what was there at the beginning is in the file as it was.
    One that somebody puts again under its key meanwhile is in it before or after, whole.

    Args:
        settings: where the endpoints are.
        target: the file; it appears when it is whole.
        say: is told how far it is.

    Raises:
        BackupError: the file exists already.
        PlatformError: S3 does not answer.
    """
    if target.exists():
        raise BackupError(
            f"{target} exists already.", remedy="Name another file: a backup is not overwritten."
        )
    remove_dead_scratch(SCRATCH)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        with warehouse_running(settings), tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as out:
            head = {
                "version": backup_file.VERSION,
                "made_at": datetime.now(UTC).isoformat(),
                "artifacts": settings.mlflow_artifact_uri(),
            }
            backup_file.add_json(out, backup_file.HEAD, head)
            count = _add_raw_objects(Bucket.from_settings(settings), out, say)
            _add_models(settings, out, say)
            backup_file.add_json(out, backup_file.END, {"raw_objects": count})
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    say(f"{target}: {count:,} raw object(s), {target.stat().st_size:,} bytes")


def _add_raw_objects(bucket: Bucket, out: tarfile.TarFile, say: Say) -> int:
    listed = list(bucket.list_raw())
    tell = _Progress(len(listed), say)
    with scratch_folder(SCRATCH) as folder:
        path = folder / "raw"
        for item in listed:
            try:
                found, metadata = bucket.head_raw(item.key)
                bucket.download(item.key, path)
            except ObjectMissing:
                say(f"{item.key} was deleted meanwhile; it is not in the backup")
                continue
            # Another content was put meanwhile; of the same one the list tells parts of a second.
            at = (item if item.etag == found.etag else found).last_modified
            rest = item.key.removeprefix(bucket.raw_prefix)
            backup_file.add_raw(out, path, rest, at, metadata)
            tell.one()
    return tell.done


def _add_models(settings: Settings, out: tarfile.TarFile, say: Say) -> None:
    """The store of the models as it is at one instant, then what belongs to them."""
    store, artifacts = _store_file(settings), _artifact_folder(settings)
    if store is None or artifacts is None:
        say(f"the models are at {settings.mlflow_place()}: that is backed up where it runs")
        return
    if not store.exists():
        return
    with scratch_folder(SCRATCH) as folder:
        copy = folder / "mlflow.db"
        with closing(sqlite3.connect(store)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        out.add(copy, STORE)
    for path in sorted(artifacts.rglob("*")):
        if path.is_file():
            out.add(path, ARTIFACTS + path.relative_to(artifacts).as_posix())


def restore(settings: Settings, source: Path, say: Say) -> None:
    """Put a backup's raw objects into the bucket, its models where they were, and rebuild.

    May be repeated after it was cut off.

    Args:
        settings: where the endpoints are.
        source: the file.
        say: is told how far it is.

    Raises:
        BackupError: the file is no backup, or not whole.
        PlatformError: the warehouse is not empty, or an endpoint fails.
    """
    head = backup_file.head_of(source)
    total = sum(it.name.startswith(RAW) for it in backup_file.members(source))
    with warehouse_running(settings):
        bucket, tell = Bucket.from_settings(settings), _Progress(total, say)
        begin(settings, bucket, f"{source.resolve()} of {head['made_at']}", say)
        takes_models = _takes_models(settings, head["artifacts"], say)
        for member in backup_file.members(source):
            if member.name.startswith(RAW):
                _put_raw(bucket, member)
                tell.one()
            elif takes_models:
                _put_model(settings, member)
        if takes_models:
            _finish_models(settings)
        say(f"{tell.done:,} raw object(s) are restored")
        finish(settings, say)


def _put_raw(bucket: Bucket, member: Member) -> None:
    metadata = dict(member.metadata or {})
    if member.received_at:
        # S3 gives it the time of now; a restored backup may be backed up again.
        metadata.setdefault("received-at", member.received_at.isoformat())
    bucket.restore_raw(member.content, member.name.removeprefix(RAW), metadata)


def _takes_models(settings: Settings, made_for: str | None, say: Say) -> bool:
    """Whether the models can be put back; MLflow writes down where their artifacts lie."""
    store = _store_file(settings)
    if store is None or made_for is None:
        return False
    if store.exists():
        say(f"{store} is there already: the models of the backup are left out")
        return False
    if made_for != settings.mlflow_artifact_uri():
        say(
            f"the models of the backup belong to {made_for}: they are left out, one is trained anew"
        )
        return False
    return True


def _put_model(settings: Settings, member: Member) -> None:
    store, artifacts = _store_file(settings), _artifact_folder(settings)
    if store is None or artifacts is None:
        return
    if member.name == STORE:
        _write(member.content, _unfinished(store))
    elif member.name.startswith(ARTIFACTS):
        target = artifacts / member.name.removeprefix(ARTIFACTS)
        if not target.resolve().is_relative_to(artifacts.resolve()):
            raise BackupError(f"The backup names a file outside {artifacts}: {member.name!r}.")
        _write(member.content, target)


def _finish_models(settings: Settings) -> None:
    """Let the store appear when its artifacts are there."""
    store = _store_file(settings)
    if store is not None and _unfinished(store).exists():
        _unfinished(store).replace(store)


def _unfinished(store: Path) -> Path:
    return store.with_name(f"{store.name}.part")


def _write(content: IO[bytes], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        shutil.copyfileobj(content, stream)


def _store_file(settings: Settings) -> Path | None:
    """The file of the models' store; None when it is a server's."""
    scheme, _, path = settings.mlflow_client_uri().partition(":///")
    return Path(path) if scheme == "sqlite" else None


def _artifact_folder(settings: Settings) -> Path | None:
    place = urlsplit(settings.mlflow_artifact_uri() or "")
    return Path(url2pathname(place.path)) if place.scheme == "file" else None


class _Progress:
    """Says every few seconds how many raw objects are done."""

    def __init__(self, total: int, say: Say) -> None:
        self.done, self._total, self._say = 0, total, say
        self._said_at = time.monotonic()

    def one(self) -> None:
        self.done += 1
        if time.monotonic() - self._said_at > TELL_EVERY_S:
            self._say(f"{self.done:,} of {self._total:,} raw object(s)")
            self._said_at = time.monotonic()
