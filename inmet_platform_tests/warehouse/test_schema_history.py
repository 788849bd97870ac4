"""A run asks whether the schema is as this version makes it, and makes it only when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import StorageError, WarehouseError
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents
from inmet_platform.storage.notifications import notified_prefixes
from inmet_platform.warehouse.bootstrap import bootstrap, prepare
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.embedded import EmbeddedCloud, written_anew

MADE, AS_MADE = "objects are there", "statements were all run"


def _says(settings: Settings, sentence: str) -> bool:
    said = list(prepare(settings))
    return any(sentence in it for it in said)


def _run(settings: Settings, text: str) -> int:
    with open_session(settings, tag="test") as session:
        return len(session.query_text(text))


def test_the_first_run_makes_the_schema(embedded_cloud: EmbeddedCloud, tmp_path: Path) -> None:
    new = embedded_cloud.storage(tmp_path)
    assert _says(new, MADE)
    assert _says(new, AS_MADE)


def test_a_run_makes_nothing_that_is_as_this_version_makes_it(settings: Settings) -> None:
    _run(settings, "DROP VIEW CLEAN.DAILY")
    assert _says(settings, AS_MADE)
    with pytest.raises(WarehouseError, match="does not exist"):
        _run(settings, "SELECT * FROM CLEAN.DAILY")
    list(bootstrap(settings))
    assert _run(settings, "SELECT * FROM CLEAN.DAILY") == 0


@pytest.mark.parametrize("who", ["administrator", "loader"])
def test_a_run_leaves_the_notifications_of_the_bucket_as_they_are(
    embedded_cloud: EmbeddedCloud, tmp_path: Path, who: str
) -> None:
    """A notification that is put again sends an event, which is nothing new."""
    make = embedded_cloud.loaders_tenant if who == "loader" else embedded_cloud.tenant
    settings = make(tmp_path)
    bucket, events = Bucket.from_settings(settings), RawEvents.from_settings(settings)
    before = notified_prefixes(bucket), events.depth().waiting
    assert before[0] == {"raw/", "landing/"}
    list(prepare(settings))
    assert (notified_prefixes(bucket), events.depth().waiting) == before


def test_a_schema_of_before_the_history_is_brought_up_to_date(settings: Settings) -> None:
    _run(settings, "DROP TABLE RAW.SCHEMA_HISTORY")
    _run(settings, "DROP VIEW CLEAN.MONTHLY_PUBLISHED")
    assert _says(settings, MADE)
    assert _run(settings, "SELECT * FROM CLEAN.MONTHLY_PUBLISHED") == 0
    assert _says(settings, AS_MADE)


def test_a_setting_that_changes_a_statement_makes_the_schema_anew_and_back_again(
    settings: Settings, tmp_path: Path
) -> None:
    other = written_anew(settings, tmp_path / "other", S3_PATH="elsewhere")
    for changed in (other, settings):
        assert _says(changed, MADE)
        assert _says(changed, AS_MADE)


def test_what_is_noted_already_is_not_noted_again(settings: Settings) -> None:
    noted = _run(settings, "SELECT * FROM RAW.SCHEMA_HISTORY")
    list(bootstrap(settings))
    assert _run(settings, "SELECT * FROM RAW.SCHEMA_HISTORY") == noted > 0


def test_the_loader_finds_what_its_administrator_made(
    embedded_cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    assert _says(embedded_cloud.loaders_tenant(tmp_path), AS_MADE)


def test_a_bootstrap_that_was_stopped_before_its_end_is_done_again(
    embedded_cloud: EmbeddedCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = embedded_cloud.storage(tmp_path)
    with monkeypatch.context() as stopped:
        stopped.setattr(f"{bootstrap.__module__}.join_notifications", _stopped)
        with pytest.raises(StorageError):
            list(bootstrap(new))
    assert _says(new, MADE)
    assert _says(new, AS_MADE)


def _stopped(*_: object) -> str:
    raise StorageError("S3 did not take the notifications.")


def test_only_what_is_not_there_is_a_missing_schema(settings: Settings) -> None:
    with open_session(settings, tag="test") as session:
        session.query_text("ALTER TABLE RAW.SCHEMA_HISTORY DROP COLUMN digest")
    with pytest.raises(WarehouseError, match="DIGEST"):
        list(prepare(settings))
