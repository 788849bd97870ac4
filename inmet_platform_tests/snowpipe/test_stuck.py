"""A file that Snowpipe does not load holds nothing else up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inmet_platform_tests.chain.chain import Chain, metadata_of
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.snowpipe.watching import GOOD, age, bootstrap_again, land, silence

A_DAY_S = timedelta(days=1).total_seconds()


def _refresh(chain: Chain) -> None:
    for pipe in ("OBSERVATIONS", "STATION_HEADERS"):
        chain.sql(f"ALTER PIPE RAW.{pipe}_PIPE REFRESH")


@pytest.fixture
def stuck(chain: Chain) -> Chain:
    """One file landed an hour ago, of which no pipe has heard."""
    silence(chain)
    land(chain, "stuck.CSV")
    bootstrap_again(chain)
    age(chain, minutes=60)
    return chain


def test_what_is_loaded_goes_on_to_the_csv_and_the_run_says_what_is_stuck(stuck: Chain) -> None:
    stuck.put("other.CSV", small_portal_file("A002", hours=72))
    result = stuck.run(config={"snowflake_raw": {"deadline_s": 1800.0}})
    assert result.success
    assert stuck.states() == {"stuck.CSV": "landed", "other.CSV": "clean"}
    assert b"A002" in stuck.csv.read_bytes()
    told = metadata_of(result, "snowflake_raw")
    assert told["waiting"] == 1
    assert "2 file(s) that landed more than 1800 s ago, such as landing/" in told["stuck"]


def test_a_file_that_was_waited_for_is_only_looked_for_by_later_runs(stuck: Chain) -> None:
    """Else every run would wait for it until the end of its own deadline."""
    result = stuck.run(config={"snowflake_raw": {"deadline_s": 1800.0}})
    assert metadata_of(result, "snowflake_raw")["waiting"] == 1
    _refresh(stuck)
    result = stuck.run(config={"snowflake_raw": {"deadline_s": A_DAY_S}})
    assert metadata_of(result, "snowflake_raw")["stuck"] == "none"
    assert stuck.states() == {"stuck.CSV": "clean"}


def test_bytes_that_snowpipe_refused_are_loaded_when_they_are_sent_again(chain: Chain) -> None:
    """Under another key, because Snowpipe never takes a key again."""
    silence(chain)
    land(chain, "first.CSV")
    [row] = chain.sql("SELECT landing_key FROM RAW.LANDING_FILES WHERE table_name = 'observations'")
    chain.bucket.client.put_object(
        Bucket=chain.bucket.name, Key=row["landing_key"], Body=b"damaged on its way"
    )
    bootstrap_again(chain)
    _refresh(chain)
    chain.bring("load")
    assert chain.states() == {"first.CSV": "rejected"}
    chain.put("again.CSV", GOOD)
    chain.bring()
    assert chain.states() == {"first.CSV": "rejected", "again.CSV": "clean"}
    assert chain.count("RAW.OBSERVATIONS") == chain.count("CLEAN.OBSERVATIONS") == 72
