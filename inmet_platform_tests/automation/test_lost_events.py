"""Uploads whose event was lost: found among the newest, or by comparison."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial

import dagster as dg
import pytest

from inmet_platform.automation.raw_sensor import Cursor
from inmet_platform.intake import lost_events
from inmet_platform.intake.lost_events import newest_uploads
from inmet_platform.ledger.ledger import Ledger
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.listing import RawObject
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
    assert keys_told(tick(due(lost.cursor))) == [], "its run is about to take it"
    assert keys_told(tick(_long_asked(lost.cursor))) == [key]
    chain.run(
        ["raw_s3_file"], config={"raw_s3_file": {"found": [key, "raw/gone"], "reconcile": False}}
    )
    assert chain.states() == {"a.CSV": "landed"}
    assert keys_told(tick(_long_asked(lost.cursor))) == []


def _long_asked(cursor: str | None) -> str:
    """The same cursor when the run that was asked for has long ended."""
    known = Cursor.model_validate_json(due(cursor))
    newest = known.newest.model_copy(update={"asked_at": 0.0})
    return known.model_copy(update={"newest": newest}).model_dump_json()


def test_an_object_that_others_put_is_found_without_its_event(
    chain: Chain, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_events, "ON_ITS_WAY", timedelta(0))
    cursor = running_cursor(chain)
    take_events(chain)
    without_events(chain)
    chain.put("uploaded.CSV", small_portal_file())
    keys = [f"raw/{name}" for name in ("2024/01/by month.CSV", "2024/by year.CSV", "mine/a.CSV")]
    for key in keys:
        chain.bucket.client.put_object(Bucket=chain.bucket.name, Key=key, Body=small_portal_file())
    assert keys_told(tick(due(cursor, "others"))) == keys
    assert isinstance(tick(cursor), dg.SkipReason), "the pause is not over"


def test_an_object_with_another_content_is_found_without_its_event(
    chain: Chain, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_events, "ON_ITS_WAY", timedelta(0))
    cursor = running_cursor(chain)
    put = partial(chain.bucket.client.put_object, Bucket=chain.bucket.name, Key="raw/a.CSV")
    put(Body=b"x")
    take_events(chain)
    without_events(chain)
    assert keys_told(tick(due(cursor, "others"))) == []
    put(Body=b"y")
    assert keys_told(tick(due(cursor, "others"))) == ["raw/a.CSV"]


def test_the_ledger_is_asked_only_when_the_newest_uploads_have_changed(
    chain: Chain, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_events, "ON_ITS_WAY", timedelta(0))
    asked: list[str] = []
    ask = Ledger.known_etags

    def counted(ledger: Ledger, first_key: str = "") -> dict[str, str | None]:
        asked.append(first_key)
        return ask(ledger, first_key)

    cursor = due(running_cursor(chain))
    key = chain.put("a.CSV", small_portal_file())
    take_events(chain)
    monkeypatch.setattr(Ledger, "known_etags", counted)
    for _ in range(3):
        cursor = due(tick(cursor).cursor)
    assert asked == [key]


def test_the_newest_uploads_are_those_since_the_hour_before_the_last_look(chain: Chain) -> None:
    key = chain.put("a.CSV", b"x")
    chain.bucket.client.put_object(Bucket=chain.bucket.name, Key="raw/by hand.CSV", Body=b"x")
    now = datetime.now(UTC)

    def found(later: timedelta, looked_at: timedelta) -> list[str]:
        listing = newest_uploads(chain.bucket, now + later, now + looked_at)
        return [it.key for it in listing.objects]

    minute, hours = timedelta(minutes=1), timedelta(hours=3)
    assert found(minute, -minute) == [key]
    assert found(timedelta(seconds=-1), -minute) == [], "one whose event may still come"
    assert found(2 * hours, hours) == []
    assert found(2 * hours, -minute) == [key], "nobody has looked since"


def test_an_object_whose_event_was_lost_is_found_by_comparison(chain: Chain) -> None:
    without_events(chain)
    chain.put("a.CSV", small_portal_file())
    config = {"raw_s3_file": {"reconcile": False}}
    chain.run(["raw_s3_file"], config=config)
    assert chain.states() == {}
    chain.bring("land")
    assert chain.states() == {"a.CSV": "landed"}


def test_however_much_is_lost_cursor_and_config_fit_into_mysqls_columns(
    chain: Chain, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [
        RawObject(f"raw/{number:04}-{'x' * 200}", 1, datetime(2020, 1, 1, tzinfo=UTC), "etag")
        for number in range(3000)
    ]
    for name in ("list_uploads", "list_put_by_others"):
        monkeypatch.setattr(Bucket, name, lambda *_, **__: listed)
    cursor = due(due(running_cursor(chain)), "others")
    take_events(chain)
    result = tick(cursor)
    [request] = result.run_requests or []
    assert 0 < len(keys_told(result)) < 3000
    assert len(json.dumps(request.run_config)) < 65_535
    monkeypatch.setattr(Ledger, "known_etags", lambda *_, **__: {it.key: it.etag for it in listed})
    known = tick(_long_asked(due(result.cursor, "others")))
    assert keys_told(known) == []
    assert len(str(known.cursor)) < 65_535
