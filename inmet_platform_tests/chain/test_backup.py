"""A backup is taken while everything runs, and gives the same platform back."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from inmet_platform.command.backup import back_up, restore
from inmet_platform.command.backup_file import HEAD, BackupError, add_json
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.chain.test_rebuild import held
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import small_portal_file, zip_of


def _filled(settings: Settings, folder: Path) -> Chain:
    """Two editions of one station, of which that in the zip is the older, and a refused file."""
    chain = Chain(settings, folder)
    chain.put("older.zip", zip_of({"A001.CSV": small_portal_file(seed=1)}))
    chain.put("newer.CSV", small_portal_file(seed=2))
    chain.put("other.CSV", small_portal_file("A101", seed=3), **{"station-id": "A101"})
    chain.put("bad.CSV", b"no file of INMET\n")
    return chain


def test_what_a_backup_gives_back_is_what_there_was(
    embedded_cloud: EmbeddedCloud,
    tmp_path: Path,
    with_model_store: Callable[[Settings], Settings],
) -> None:
    settings = with_model_store(embedded_cloud.tenant(tmp_path / "before"))
    chain = _filled(settings, tmp_path)
    chain.bring()
    before, states = held(settings), chain.states()
    said: list[str] = []
    back_up(settings, tmp_path / "backups" / "one.tar", said.append)
    assert said[-1].startswith(f"{tmp_path}/backups/one.tar: 4 raw object(s), ")

    empty = embedded_cloud.tenant(tmp_path / "after")
    said.clear()
    restore(empty, tmp_path / "backups" / "one.tar", said.append)
    assert "4 raw object(s) are restored" in said
    assert any("they are left out, one is trained anew" in line for line in said)
    assert held(empty) == before
    assert Chain(empty, tmp_path).states() == states
    with pytest.raises(PlatformError, match="Expected an empty warehouse; found 4 file"):
        restore(empty, tmp_path / "backups" / "one.tar", said.append)


def test_the_models_come_back_to_the_home_that_they_were_made_in(
    embedded_cloud: EmbeddedCloud,
    tmp_path: Path,
    with_model_store: Callable[[Settings], Settings],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = with_model_store(embedded_cloud.tenant(tmp_path))
    store = settings.state_dir / "mlflow.db"
    artifact = settings.state_dir / "mlartifacts" / "1" / "model.pkl"
    artifact.parent.mkdir(parents=True)
    artifact.write_bytes(b"a model")
    size = store.stat().st_size
    back_up(settings, tmp_path / "b.tar", lambda _: None)
    store.unlink()
    artifact.unlink()
    monkeypatch.setattr("inmet_platform.command.backup.finish", lambda *_: None)
    restore(settings, tmp_path / "b.tar", lambda _: None)
    assert artifact.read_bytes() == b"a model"
    assert store.stat().st_size == size


def test_a_backup_is_not_overwritten_and_leaves_no_part(
    embedded_cloud: EmbeddedCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = embedded_cloud.storage(tmp_path / "home")
    Chain(settings, tmp_path).put("a.CSV", b"x")
    (tmp_path / "there.tar").touch()
    with pytest.raises(BackupError, match=r"there\.tar exists already"):
        back_up(settings, tmp_path / "there.tar", lambda _: None)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("inmet_platform.command.backup._add_models", stopped)
    with pytest.raises(KeyboardInterrupt):
        back_up(settings, tmp_path / "stopped.tar", lambda _: None)
    assert [path.name for path in tmp_path.glob("*.tar*")] == ["there.tar"]


def _cut(path: Path) -> None:
    """In the midst of the raw object."""
    path.write_bytes(path.read_bytes()[:6000])


def _newer(path: Path) -> None:
    with tarfile.open(path, "w") as out:
        add_json(out, HEAD, {"version": 99})


def _shorter(path: Path) -> None:
    with tarfile.open(path, "w") as out:
        add_json(out, HEAD, {"version": 1})


def _another(path: Path) -> None:
    path.write_text(json.dumps({"version": 1}))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_cut, "unexpected end of data"),
        (_newer, "a backup of form 99; this version of the platform knows form 1"),
        (_shorter, r"ends before its end: it was cut off after 0 raw object\(s\)"),
        (_another, "Expected a backup that `inmet backup` wrote, whole"),
    ],
)
def test_a_file_that_is_no_whole_backup_is_told(
    embedded_cloud: EmbeddedCloud, tmp_path: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    settings = embedded_cloud.storage(tmp_path / "home")
    Chain(settings, tmp_path).put("a.CSV", small_portal_file())
    path = tmp_path / "b.tar"
    back_up(settings, path, lambda _: None)
    spoil(path)
    with pytest.raises(BackupError, match=sentence):
        restore(settings, path, lambda _: None)
    assert not list(Bucket.from_settings(settings).list_landing("observations"))
