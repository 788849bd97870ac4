"""A run waits for Snowpipe: what ends the waiting, and what is said when nothing does."""

from __future__ import annotations

import pytest

from inmet_platform.errors import LoadTimeout, NotificationDead, SnowpipeError
from inmet_platform.ledger.status_copy import read_status
from inmet_platform.snowpipe.waiting import ExpectedFile, await_loads
from inmet_platform.warehouse.session import Session
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.snowpipe.watching import VERSION, damage_what_landed

GOOD = small_portal_file(hours=72)


def _await(session: Session, file: ExpectedFile) -> SnowpipeError | None:
    return await_loads(session, [file], deadline_s=0.2, on_ended=lambda _: pytest.fail("ended"))


def test_the_deadline_tells_work_in_progress_from_a_dead_notification(chain: Chain) -> None:
    with chain.session() as session:
        now = session.query_text("SELECT CURRENT_TIMESTAMP()::TIMESTAMP_NTZ AS now")[0]["now"]
        never = ExpectedFile("landing/observations/never.parquet", "observations", now)
        assert isinstance(_await(session, never), NotificationDead)
        # An event for another file of the same pipe: it hears, so it is not dead.
        chain.put("a.CSV", GOOD)
        chain.bring("load")
        stuck = _await(session, never)
        assert isinstance(stuck, LoadTimeout)
        assert "Nothing is lost" in str(stuck)


def test_a_file_whose_content_was_loaded_long_ago_waits_for_nothing(chain: Chain) -> None:
    """The same member, plain and then in a zip: one landing key, loaded before the second came."""
    chain.put("a.CSV", GOOD)
    chain.bring("merge")
    chain.sql("DELETE FROM _FS_INFORMATION_SCHEMA._PIPE_HISTORY")
    chain.put("a.zip", zip_of({"a.CSV": GOOD}))
    chain.run(config={"snowflake_raw": {"deadline_s": 5.0}})
    assert chain.states() == {"a.CSV": "clean", "a.zip": "clean"}
    assert chain.count("RAW.OBSERVATIONS") == 72


def test_a_file_that_snowpipe_refuses_is_rejected_and_keeps_no_other_back(chain: Chain) -> None:
    bad_key = chain.put("bad.CSV", GOOD)
    chain.bring("land")
    damage_what_landed(chain)
    chain.put("good.CSV", small_portal_file("A002", hours=72))
    chain.bring("merge")
    assert chain.states() == {"bad.CSV": "rejected", "good.CSV": "clean"}
    [row] = chain.sql("SELECT message FROM RAW.REJECTED_FILES")
    assert f"bad.CSV: Snowpipe refused landing/observations/{VERSION}bad" in row["message"]
    assert "Load failed: Parquet magic bytes not found" in row["message"]
    [ledger] = chain.sql("SELECT upload_id FROM RAW.FILES WHERE state = 'rejected'")
    status = read_status(chain.bucket, ledger["upload_id"])
    assert status
    assert (status.state, status.error) == ("rejected", row["message"])
    # Snowpipe takes a path once; forced, the same bytes go by another.
    chain.run(config={"raw_s3_file": {"keys": [bad_key], "force": True}})
    assert set(chain.states().values()) == {"clean"}
    assert chain.count("CLEAN.OBSERVATIONS") == 144
