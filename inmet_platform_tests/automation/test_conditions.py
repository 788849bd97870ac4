"""Automation waits for the blocking checks of what it follows, also outside of their run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)
from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData
from dagster._core.utils import make_new_run_id

from inmet_platform.assets.snowflake_clean import snowflake_clean
from inmet_platform.definitions import build_defs
from inmet_platform_tests.embedded import write_home

ONCE = "each_hour_is_there_once"
CLEAN = snowflake_clean.key


class Told:
    """An instance that is told of events, and asked what automation requests after each."""

    def __init__(self, defs: dg.Definitions, instance: dg.DagsterInstance) -> None:
        self._defs, self.instance = defs, instance
        self._cursor: Any = None

    def made(self, *names: str) -> None:
        """In a run of its own, of which nothing else is told."""
        for name in names:
            event = DagsterEvent(
                event_type_value=DagsterEventType.ASSET_MATERIALIZATION.value,
                job_name="of another",
                event_specific_data=StepMaterializationData(dg.AssetMaterialization(name)),
            )
            self.instance.report_dagster_event(event, run_id=make_new_run_id())

    def checked(self, *, passed: bool) -> None:
        """Of the newest materialization, as a check by itself does."""
        [newest] = self.instance.fetch_materializations(CLEAN, limit=1).records
        self.instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(
                asset_key=CLEAN,
                check_name=ONCE,
                passed=passed,
                target_materialization_data=AssetCheckEvaluationTargetMaterializationData(
                    storage_id=newest.storage_id, run_id=newest.run_id, timestamp=newest.timestamp
                ),
            )
        )

    def is_being_checked(self) -> None:
        """A run has begun that makes CLEAN and has not come to the check yet."""
        self.instance.create_run_for_job(
            self._defs.resolve_job_def("inmet_intake"), status=dg.DagsterRunStatus.STARTED
        )

    def requested(self) -> set[str]:
        found = dg.evaluate_automation_conditions(
            self._defs, self.instance, dg.AssetSelection.all(), cursor=self._cursor
        )
        self._cursor = found.cursor
        return {
            it.key.to_user_string()
            for it in found.results
            if it.true_subset.size and isinstance(it.key, dg.AssetKey)
        }


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_defs(write_home(tmp_path_factory.mktemp("home")))


@pytest.fixture
def told(defs: dg.Definitions) -> Iterator[Told]:
    """Everything is made and checked once, and automation has seen it."""
    with dg.DagsterInstance.ephemeral() as instance:
        told = Told(defs, instance)
        told.made("raw_s3_file", "snowflake_raw", "snowflake_clean")
        told.checked(passed=True)
        told.made("inmet_clean_csv", "trained_model", "rain_forecast")
        told.requested()
        yield told


STATES: dict[str, Callable[[Told], None]] = {
    "has never run on what is newest": lambda _: None,
    "failed": lambda told: told.checked(passed=False),
    "is in flight": Told.is_being_checked,
}


@pytest.mark.parametrize("state", STATES)
def test_no_csv_is_requested_of_clean_whose_blocking_check(told: Told, state: str) -> None:
    told.made("snowflake_clean")
    STATES[state](told)
    assert told.requested() == set()


@pytest.mark.parametrize("state", ["has never run on what is newest", "failed"])
def test_the_csv_follows_as_soon_as_the_check_passes(told: Told, state: str) -> None:
    told.made("snowflake_clean")
    STATES[state](told)
    told.requested()
    told.checked(passed=True)
    assert told.requested() == {"inmet_clean_csv", "trained_model", "rain_forecast"}
    assert told.requested() == set(), "once"


def test_every_automated_asset_waits_for_the_blocking_checks_of_all_its_deps(
    defs: dg.Definitions,
) -> None:
    """Whichever check is made blocking one day, and whichever asset is automated."""
    graph = defs.resolve_asset_graph()
    waits = dg.AutomationCondition.all_deps_blocking_checks_passed()
    conditions = {
        key: graph.get(key).automation_condition
        for key in graph.materializable_asset_keys
        if graph.get(key).automation_condition
    }
    assert conditions
    for key, condition in conditions.items():
        assert condition is not None
        assert waits in condition.children, key
