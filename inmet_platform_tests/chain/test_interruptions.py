"""The cloud dies or does not go on: a sentence says so, and the next run finishes.

Runs that are killed: `test_kills.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inmet_platform_tests.chain.chain import Chain, metadata_of
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import many_stations, small_portal_file

GOOD = small_portal_file(hours=72)


def _failure(chain: Chain, assets: list[str]) -> str:
    result = chain.run(assets, raise_on_error=False)
    assert not result.success
    [event] = [event for event in result.all_events if event.is_step_failure]
    error = event.step_failure_data.error
    assert error
    assert error.cause
    return error.cause.message


def _stuck(chain: Chain, deadline_s: float = 60.0) -> str:
    """What a run says of files that Snowpipe does not load; the run itself succeeds."""
    result = chain.run(config={"snowflake_raw": {"deadline_s": deadline_s}})
    return str(metadata_of(result, "snowflake_raw")["stuck"])


def test_a_run_that_died_between_two_stages_is_finished_by_the_next(chain: Chain) -> None:
    chain.put("a.CSV", GOOD)
    chain.bring("land")
    assert chain.states() == {"a.CSV": "landed"}
    chain.bring("load")
    assert chain.states() == {"a.CSV": "loaded"}
    chain.run()
    assert chain.states() == {"a.CSV": "clean"}
    assert chain.count("CLEAN.OBSERVATIONS") == 72


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedCloud]:
    """A cloud that a test may kill."""
    cloud = EmbeddedCloud(tmp_path_factory.mktemp("mortal"))
    yield cloud
    if cloud in EmbeddedCloud.running:
        cloud.stop()


@pytest.fixture
def cloud(mortal: EmbeddedCloud) -> EmbeddedCloud:
    if mortal not in EmbeddedCloud.running:
        mortal.start()
    return mortal


def test_a_cloud_killed_in_the_middle_of_a_load_loses_and_doubles_nothing(
    cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    chain = Chain(cloud.tenant(tmp_path / "tenant"), tmp_path)
    chain.put("2020.zip", many_stations())
    chain.bring("land")
    cloud.kill()  # Snowpipe has the event, the load is under way or about to be
    cloud.start()
    chain.bring("merge")
    assert chain.count("RAW.OBSERVATIONS") == 60 * 400
    chain.put("again.zip", many_stations())
    chain.bring("merge")
    assert chain.count("RAW.OBSERVATIONS") == 60 * 400


def test_a_cloud_that_is_gone_fails_the_run_and_the_next_finishes_it(
    cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    chain = Chain(cloud.tenant(tmp_path / "tenant"), tmp_path)
    chain.put("a.CSV", GOOD)
    cloud.kill()
    assert "did not" in _failure(chain, ["raw_s3_file"])
    cloud.start()
    chain.run()
    assert chain.states() == {"a.CSV": "clean"}


def test_a_paused_pipe_is_told_with_what_to_do(chain: Chain) -> None:
    pause = "ALTER PIPE RAW.OBSERVATIONS_PIPE SET PIPE_EXECUTION_PAUSED = "
    chain.sql(pause + "TRUE")
    chain.put("a.CSV", GOOD)
    assert "The pipe RAW.OBSERVATIONS_PIPE is paused. Resume it" in _stuck(chain)
    chain.sql(pause + "FALSE")
    chain.bring()
    assert chain.states() == {"a.CSV": "clean"}


def test_a_dead_notification_is_told_with_what_to_do(chain: Chain) -> None:
    bucket = chain.bucket
    bucket.client.put_bucket_notification_configuration(
        Bucket=bucket.name, NotificationConfiguration={}
    )
    chain.put("a.CSV", GOOD)
    message = _stuck(chain, deadline_s=1.0)
    assert "No event reached RAW.OBSERVATIONS_PIPE" in message
    assert "inmet bootstrap" in message
    chain.sql("ALTER PIPE RAW.OBSERVATIONS_PIPE REFRESH")
    chain.sql("ALTER PIPE RAW.STATION_HEADERS_PIPE REFRESH")
    chain.bring()
    assert chain.states() == {"a.CSV": "clean"}
