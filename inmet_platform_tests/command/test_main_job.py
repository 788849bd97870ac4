"""When the imports of the chain begin, and that none is under way when a run ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from inmet_platform.command import main_job
from inmet_platform.command.last_run import Made
from inmet_platform.command.main_job import run_main_job
from inmet_platform.command.uploads import UploadedFile
from inmet_platform.config.settings import Settings
from inmet_platform.errors import UploadError

NEW = UploadedFile("a.CSV", "raw/a.CSV", is_new=True)
KNOWN = UploadedFile("a.CSV", "raw/a.CSV")
REFUSED = UploadedFile("b.CSV", None, refusal="b.CSV is no file of INMET.")


class Imports:
    """In place of the chain's: begun once, over after a while."""

    def __init__(self) -> None:
        self.begun, self.over = threading.Event(), False

    def __call__(self) -> None:
        self.begun.set()
        sum(range(3_000_000))
        self.over = True


@pytest.fixture
def settings(shared_settings: Settings) -> Settings:
    """One tenant for all: nothing is brought in."""
    return shared_settings


@pytest.fixture
def imports(monkeypatch: pytest.MonkeyPatch) -> Imports:
    made = Imports()
    monkeypatch.setattr(main_job, "_import_the_chain", made)
    return made


def _run(settings: Settings, monkeypatch: pytest.MonkeyPatch, *answers: UploadedFile) -> Made:
    def upload(*_: object) -> Iterator[UploadedFile]:
        yield from answers

    monkeypatch.setattr(main_job, "upload", upload)
    file = settings.home / "a.CSV"
    file.touch()
    return run_main_job(settings.model_copy(update={"inmet_services": ""}), [file], None, print)


def test_a_new_file_begins_them_and_a_refusal_after_it_waits_for_their_end(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, imports: Imports
) -> None:
    with pytest.raises(UploadError):
        _run(settings, monkeypatch, NEW, REFUSED)
    assert imports.over


def test_the_chain_begins_when_they_are_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, imports: Imports
) -> None:
    def chain(*_: object) -> Made:
        assert imports.over
        return {"a run": {}}

    monkeypatch.setattr(main_job, "run_chain", chain)
    assert _run(settings, monkeypatch, NEW, KNOWN) == {"a run": {}}


def test_known_files_begin_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, imports: Imports
) -> None:
    monkeypatch.setattr(main_job, "nothing_new", lambda _: {"before": {}})
    assert _run(settings, monkeypatch, KNOWN) == {"before": {}}
    assert not imports.begun.is_set()
