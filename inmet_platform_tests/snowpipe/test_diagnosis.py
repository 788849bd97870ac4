"""The watch over refused files, over pipes that are slow, over a warehouse that is silent."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from inmet_platform.command.report import status_text
from inmet_platform.config.settings import Settings
from inmet_platform.definitions import build_defs
from inmet_platform.snowpipe.watch import PipeView, diagnose, view_pipes
from inmet_platform_tests.chain.chain import Chain, checks_of
from inmet_platform_tests.embedded import write_home, written_anew
from inmet_platform_tests.snowpipe.watching import (
    GOOD,
    PIPES,
    Watch,
    age,
    await_true,
    damage_what_landed,
    land,
    silence,
)


def test_a_refused_file_is_told_until_its_raw_object_is_read_again(
    chain: Chain, watch: Watch
) -> None:
    raw_key = chain.put("a.CSV", GOOD)
    chain.bring("land")
    bad = damage_what_landed(chain)
    age(chain)
    await_true(lambda: "FAILED_FILES" in _names(chain))
    told = watch.tick()
    assert told.says("FAILED_FILES")
    assert "Parquet magic bytes not found" in told.offenders
    first = checks_of(chain.run(["snowflake_raw"]))
    assert first["every_pipe_goes_on"].passed, "the run has rejected it"
    assert not first["snowpipe_refuses_no_file"].passed
    assert bad in str(first["snowpipe_refuses_no_file"].metadata)
    forced = {"raw_s3_file": {"keys": [raw_key], "force": True}}
    assert checks_of(chain.run(["raw_s3_file", "snowflake_raw"], config=forced))[
        "snowpipe_refuses_no_file"
    ].passed


def _names(chain: Chain) -> set[str]:
    with chain.session() as session:
        findings = diagnose(session, view_pipes(session), overdue_s=300.0)
    return {finding.entry.name for finding in findings}


def test_what_refresh_no_longer_sees_and_what_only_is_slow_are_told_apart(chain: Chain) -> None:
    silence(chain)
    land(chain)
    age(chain)
    with chain.session() as session:
        views = view_pipes(session)
        busy = [
            PipeView(view.table, view.status | {"pendingFileCount": 3}, view.waiting)
            for view in views
        ]
        slow = diagnose(session, busy, overdue_s=300.0)
    assert {(finding.pipe, finding.entry.name) for finding in slow} == {
        (pipe, "LAGGING") for pipe in PIPES - {"RAW.PUBLISHED_VALUES_PIPE"}
    }
    age(chain, minutes=8 * 24 * 60)
    assert _names(chain) == {"FILES_TOO_OLD"}


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"SNOWFLAKE_PASSWORD": "wrong"}, "refused user 'inmet'"),
        ({"SNOWFLAKE_PORT": "9"}, "did not answer"),
        ({"SNOWFLAKE_DATABASE": "NOT_BOOTSTRAPPED"}, "Snowflake refused a statement"),
    ],
)
def test_a_warehouse_that_does_not_answer_is_a_skipped_tick(
    shared_settings: Settings, tmp_path: Path, setting: dict[str, str], sentence: str
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        watch = Watch(written_anew(shared_settings, tmp_path, **setting), instance)
        told = watch.tick()
    assert told.skipped.startswith("The pipes could not be asked. Snowflake")
    assert sentence in told.skipped
    assert watch.cursor is None, "nothing is forgotten or learnt"


def test_what_a_tick_tells_becomes_the_state_of_the_check(chain: Chain, watch: Watch) -> None:
    chain.sql("DROP PIPE RAW.OBSERVATIONS_PIPE")
    told = watch.tick()
    assert told.evaluation
    watch.instance.report_runless_asset_event(told.evaluation)
    key = dg.AssetCheckKey(dg.AssetKey("snowflake_raw"), "every_pipe_goes_on")
    assert key in build_defs(chain.settings).resolve_asset_graph().asset_check_keys
    state = watch.instance.event_log_storage.get_latest_asset_check_execution_by_key([key])[key]
    assert state.status.name == "FAILED"
    assert watch.tick().evaluation is None
    watch.instance.report_runless_asset_event(dg.AssetMaterialization("snowflake_raw"))
    again = watch.tick().evaluation
    assert again, "Dagster would show no result for the new materialization"
    [made] = watch.instance.fetch_materializations(dg.AssetKey("snowflake_raw"), limit=1).records
    assert again.target_materialization_data.storage_id == made.storage_id
    assert "observations      NO_PIPE, 0 pending; nothing ingested yet" in status_text(
        chain.settings
    )


def test_the_watch_is_on_and_ticks_no_oftener_than_once_a_minute(tmp_path: Path) -> None:
    sensor = build_defs(write_home(tmp_path)).resolve_sensor_def("snowpipe_watch")
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert sensor.minimum_interval_seconds >= 60
