"""Uploads whose event was lost: found among the newest, or by comparison."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from inmet_platform.intake import lost_events
from inmet_platform.ledger.ledger import Ledger
from inmet_platform_tests.automation.ticking import (
    Tick,
    due,
    keys_told,
    reconciles,
    running_cursor,
    take_events,
    without_events,
)
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file


def test_an_upload_whose_event_was_lost_is_found_among_the_newest(
    chain: Chain, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_events, "ON_ITS_WAY", timedelta(0))
    cursor = due(running_cursor(chain))
    take_events(chain)
    without_events(chain)
    known = tick(cursor)
    assert keys_told(known) == []
    key = chain.put("a.CSV", small_portal_file())
    lost = tick(due(known.cursor))
    assert keys_told(lost) == [key]
    assert not reconciles(lost)
    assert keys_told(tick(due(lost.cursor))) == [key], "the run has not taken it yet"
    chain.run(["raw_s3_file"], config={"raw_s3_file": {"keys": [key], "reconcile": False}})
    assert chain.states() == {"a.CSV": "landed"}
    assert keys_told(tick(due(lost.cursor))) == []


def test_the_ledger_is_asked_only_when_the_newest_uploads_have_changed(
    chain: Chain, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_events, "ON_ITS_WAY", timedelta(0))
    asked: list[str] = []
    ask = Ledger.known_keys_from

    def counted(ledger: Ledger, first_key: str) -> frozenset[str]:
        asked.append(first_key)
        return ask(ledger, first_key)

    monkeypatch.setattr(Ledger, "known_keys_from", counted)
    cursor = due(running_cursor(chain))
    key = chain.put("a.CSV", small_portal_file())
    take_events(chain)
    for _ in range(3):
        cursor = due(tick(cursor).cursor)
    assert asked == [key]


def test_the_newest_uploads_are_those_of_this_hour_and_the_last(chain: Chain) -> None:
    key = chain.put("a.CSV", b"x")
    chain.bucket.client.put_object(Bucket=chain.bucket.name, Key="raw/by hand.CSV", Body=b"x")
    now = datetime.now(UTC)

    def found(later: timedelta) -> list[str]:
        return [it.key for it in lost_events.newest_uploads(chain.bucket, now + later).objects]

    assert found(timedelta(minutes=1)) == [key]
    assert found(timedelta(seconds=-1)) == [], "one whose event may still come"
    assert found(timedelta(hours=3)) == []


def test_an_object_whose_event_was_lost_is_found_by_comparison(chain: Chain) -> None:
    without_events(chain)
    chain.put("a.CSV", small_portal_file())
    config = {"raw_s3_file": {"reconcile": False}}
    chain.run(["raw_s3_file"], config=config)
    assert chain.states() == {}
    chain.bring("land")
    assert chain.states() == {"a.CSV": "landed"}
