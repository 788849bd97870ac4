"""Why a job has partitions and the assets have none: Dagster's own command would stop."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import dagster as dg
import pytest
from dagster._cli.asset import asset_cli

from inmet_platform.definitions import build_defs
from inmet_platform_tests.embedded import write_home

CODE = """
import dagster as dg
@dg.asset
def taken(): ...
@dg.asset(deps=[taken]{more})
def clean(): ...
defs = dg.Definitions([taken, clean], executor=dg.in_process_executor)
"""
BY_YEAR = ', partitions_def=dg.StaticPartitionsDefinition(["2019"])'


@pytest.mark.filterwarnings("ignore:Function `asset_materialize_command` is superseded")
@pytest.mark.parametrize(("more", "refusal"), [("", ""), (BY_YEAR, "no '--partition' option")])
def test_one_partitioned_asset_stops_the_materialization_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str, refusal: str
) -> None:
    """When this fails, Dagster has learned it: docs/decisions.md can be thought over."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    code = tmp_path / "code.py"
    code.write_text(CODE.replace("{more}", more))
    with pytest.raises(Exception, match=refusal) if refusal else nullcontext():
        asset_cli(["materialize", "--select", "*", "-f", str(code)], standalone_mode=False)


def test_no_asset_of_ours_has_partitions_and_the_job_of_years_has(tmp_path: Path) -> None:
    defs = build_defs(write_home(tmp_path))
    graph = defs.resolve_asset_graph()
    assert not [key for key in graph.get_all_asset_keys() if graph.get(key).partitions_def]
    partitions = defs.resolve_job_def("judge_years").partitions_def
    assert isinstance(partitions, dg.DynamicPartitionsDefinition)
    assert partitions.name == "clean_years"
