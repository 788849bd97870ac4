"""RAW and CLEAN are made again from `raw/` alone, and are what they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inmet_platform.command.rebuild_command import rebuild
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import EmbeddedCloud, written_anew
from inmet_platform_tests.files import small_portal_file

# What a load writes down of itself.
OF_THE_LOAD = {"loaded_at", "updated_at", "merged_at"}
TABLES = ("RAW.OBSERVATIONS", "RAW.STATION_HEADERS", "CLEAN.OBSERVATIONS", "CLEAN.STATIONS")


def held(settings: Settings) -> dict[str, list[str]]:
    with open_session(settings, tag="test") as session:
        return {
            table: sorted(
                repr({key: value for key, value in row.items() if key not in OF_THE_LOAD})
                for row in session.query_text(f"SELECT * FROM {table}")  # noqa: S608 - our own tables
            )
            for table in TABLES
        }


def test_an_empty_warehouse_is_made_from_raw_alone_and_holds_the_same(
    embedded_cloud: EmbeddedCloud,
    tmp_path: Path,
    with_model_store: Callable[[Settings], Settings],
) -> None:
    settings = with_model_store(embedded_cloud.tenant(tmp_path / "before"))
    chain = Chain(settings, tmp_path)
    newer = {"edition-at": "2024-03-01T00:00:00+00:00"}
    chain.put("newer.CSV", small_portal_file(seed=2), **newer)
    chain.put("older.CSV", small_portal_file(seed=1), **{"edition-at": "2024-02-01T00:00:00+00:00"})
    chain.put("twice.CSV", small_portal_file(seed=2), **newer)
    chain.put("other.CSV", small_portal_file("A101", seed=3))
    chain.put("bad.CSV", b"no file of INMET\n")
    chain.bring()
    before, states = held(settings), chain.states()
    assert before["CLEAN.OBSERVATIONS"]

    name = f"{settings.snowflake_database}_AGAIN"
    empty = with_model_store(written_anew(settings, tmp_path / "after", SNOWFLAKE_DATABASE=name))
    said: list[str] = []
    rebuild(empty, said.append)
    assert any(line.startswith("5 raw object(s)") for line in said)
    assert held(empty) == before
    assert Chain(empty, tmp_path).states() == states
    with pytest.raises(PlatformError, match="Expected an empty warehouse; found 5 file"):
        rebuild(empty, said.append)


def test_a_rebuild_that_was_cut_off_goes_on(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = Chain(settings, tmp_path)
    chain.put("a.CSV", small_portal_file())
    run: list[str] = []

    def cut_off(_: Settings, __: object) -> None:
        run.append("cut off")
        chain.bring("land")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("inmet_platform.command.rebuild_command.run_chain", cut_off)
        with pytest.raises(KeyboardInterrupt):
            rebuild(settings, lambda _: None)
    assert chain.states() == {"a.CSV": "landed"}
    monkeypatch.setattr(
        "inmet_platform.command.rebuild_command.run_chain", lambda *_: chain.bring()
    )
    rebuild(settings, lambda _: None)
    assert chain.states() == {"a.CSV": "clean"}
    with pytest.raises(PlatformError, match="Expected an empty warehouse"):
        rebuild(settings, lambda _: None)


def test_a_bucket_without_raw_objects_is_told(settings: Settings) -> None:
    with pytest.raises(PlatformError, match="holds no object to rebuild from"):
        rebuild(settings, lambda _: None)
