"""Nothing is new: said only while all that the last run made still holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from inmet_platform.export import export_clean
from inmet_platform.main_job import Outcome
from inmet_platform.manifest import content_digest, parquet_of, read_manifest
from inmet_platform.settings import Settings
from inmet_platform.settled import forget, remember, settled_outcome
from inmet_platform_tests.chain.conftest import Chain
from inmet_platform_tests.chain.dying import run_stages
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import small_portal_file


@pytest.fixture(scope="module")
def chain(embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = tmp_path_factory.mktemp("settled")
    chain = Chain(embedded_cloud.tenant(folder / "home"), folder)
    chain.put("a.CSV", small_portal_file())
    run_stages(chain.settings, "first")
    chain.settings.state_dir.mkdir(exist_ok=True)
    return chain


@pytest.fixture
def outcome(chain: Chain) -> Outcome:
    """What a run said that wrote the present files and had too few hours for a model."""
    return Outcome(
        "a run",
        {
            "snowflake_raw": {"dagster/row_count": 5, "stations": 0, "rows_loaded": 5},
            "snowflake_clean": {"dagster/row_count": 5, "stations": 0, "rows_merged": 5},
            "inmet_clean_csv": {"sha256": _digest(chain)},
            "trained_model": {"trained": False},
        },
    )


def _digest(chain: Chain) -> str:
    return content_digest(read_manifest(chain.csv).values())


def _marker(chain: Chain) -> Path:
    return chain.settings.state_dir / "settled.json"


def _export(chain: Chain) -> None:
    with chain.session() as session:
        export_clean(session, chain.bucket, chain.csv, print)


def test_it_shows_the_counts_of_now_and_nothing_as_new(chain: Chain, outcome: Outcome) -> None:
    remember(chain.settings, outcome)
    made = settled_outcome(chain.settings)
    assert made
    raw, clean = made["metadata"]["snowflake_raw"], made["metadata"]["snowflake_clean"]
    assert raw == {"dagster/row_count": 48, "stations": 1, "rows_loaded": 0}
    assert clean == {"dagster/row_count": 48, "stations": 1, "rows_merged": 0}
    forget(chain.settings)
    assert settled_outcome(chain.settings) is None


def _merge(chain: Chain) -> None:
    """Another run's MERGE, without its export."""
    chain.sql(
        "UPDATE CLEAN.OBSERVATIONS SET merged_at = DATEADD(minute, 1, merged_at) "
        "WHERE observed_at = '2020-01-01 05:00:00'::TIMESTAMP_NTZ"
    )


def test_rows_that_another_run_merged_before_the_marker_are_not_settled(
    chain: Chain, outcome: Outcome
) -> None:
    _merge(chain)
    remember(chain.settings, outcome)
    assert _marker(chain).exists()
    assert settled_outcome(chain.settings) is None
    _export(chain)
    assert _digest(chain) == outcome.metadata["inmet_clean_csv"]["sha256"], "the same content"
    assert settled_outcome(chain.settings)


def test_a_year_that_is_no_more_in_clean_is_not_settled(chain: Chain, outcome: Outcome) -> None:
    remember(chain.settings, outcome)
    chain.sql("ALTER TABLE CLEAN.OBSERVATIONS RENAME TO CLEAN.AWAY")
    chain.sql("CREATE TABLE CLEAN.OBSERVATIONS AS SELECT * FROM CLEAN.AWAY WHERE FALSE")
    try:
        assert settled_outcome(chain.settings) is None
    finally:
        chain.sql("DROP TABLE CLEAN.OBSERVATIONS")
        chain.sql("ALTER TABLE CLEAN.AWAY RENAME TO CLEAN.OBSERVATIONS")
    assert settled_outcome(chain.settings)


def test_a_run_whose_files_another_has_replaced_leaves_no_marker(
    chain: Chain, outcome: Outcome
) -> None:
    forget(chain.settings)
    outcome.metadata["inmet_clean_csv"]["sha256"] = "of other files"
    remember(chain.settings, outcome)
    assert not _marker(chain).exists()


def test_a_pending_file_is_not_settled(chain: Chain, outcome: Outcome) -> None:
    remember(chain.settings, outcome)
    key = chain.put("b.CSV", small_portal_file("A002"))
    assert settled_outcome(chain.settings) is None
    chain.bucket.delete(key)
    assert settled_outcome(chain.settings)


@pytest.mark.parametrize("text", ["", '{"state": {', "[]", "{}", '{"state": {}, "outcome": []}'])
def test_a_marker_that_cannot_be_read_is_none(chain: Chain, text: str) -> None:
    _marker(chain).write_text(text)
    assert settled_outcome(chain.settings) is None


@pytest.mark.parametrize("name", ["RECIPE_VERSION", "RAIN_CLASSES_VERSION", "version"])
def test_other_code_is_not_settled(
    chain: Chain, outcome: Outcome, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    remember(chain.settings, outcome)
    other: Any = (lambda _: "0.0.0") if name == "version" else 0
    monkeypatch.setattr(f"inmet_platform.settled.{name}", other)
    assert settled_outcome(chain.settings) is None
    monkeypatch.undo()
    assert settled_outcome(chain.settings)


@pytest.mark.parametrize(
    "changed",
    [
        {"mlflow_artifact_root": "elsewhere"},
        {"mlflow_backend_uri": SecretStr("sqlite:///elsewhere.db")},
        {"upload_url": "http://elsewhere"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_other_endpoints_are_not_settled(
    chain: Chain, outcome: Outcome, changed: dict[str, Any]
) -> None:
    remember(chain.settings, outcome)
    assert settled_outcome(chain.settings.model_copy(update=changed)) is None


def test_the_marker_holds_no_address(chain: Chain, outcome: Outcome) -> None:
    uri = "mysql+pymysql://inmet:hidden@127.0.0.1/mlflow"
    settings = chain.settings.model_copy(update={"mlflow_backend_uri": SecretStr(uri)})
    remember(settings, outcome)
    assert "hidden" not in _marker(chain).read_text()
    assert settled_outcome(settings)


def test_a_model_whose_store_is_gone_is_not_settled_and_no_store_is_made(
    chain: Chain, outcome: Outcome
) -> None:
    outcome.metadata["trained_model"] = {"trained": True, "model_version": "1"}
    remember(chain.settings, outcome)
    assert _marker(chain).exists()
    assert settled_outcome(chain.settings) is None
    assert not (chain.settings.state_dir / "mlflow.db").exists()


def _without_metadata(chain: Chain, outcome: Outcome) -> tuple[Settings, Outcome]:
    return chain.settings, replace(outcome, metadata={})


def _folder_in_the_way(chain: Chain, outcome: Outcome) -> tuple[Settings, Outcome]:
    _marker(chain).with_suffix(".json.new").mkdir()
    return chain.settings, outcome


@pytest.mark.parametrize("trouble", [_without_metadata, _folder_in_the_way])
def test_a_marker_that_cannot_be_written_fails_no_run(
    chain: Chain,
    outcome: Outcome,
    trouble: Callable[[Chain, Outcome], tuple[Settings, Outcome]],
) -> None:
    forget(chain.settings)
    try:
        remember(*trouble(chain, outcome))
        assert not _marker(chain).exists()
    finally:
        scratch = _marker(chain).with_suffix(".json.new")
        if scratch.is_dir():
            scratch.rmdir()


@pytest.mark.parametrize("damage", ["csv changed", "parquet gone", "manifest torn"])
def test_files_that_are_not_as_they_were_written_are_not_settled(
    chain: Chain, outcome: Outcome, damage: str
) -> None:
    remember(chain.settings, outcome)
    if damage == "csv changed":
        chain.csv.write_bytes(chain.csv.read_bytes()[:-5])
    elif damage == "parquet gone":
        parquet_of(chain.csv, 2020).unlink()
    else:
        (chain.csv.with_suffix("") / "export.json").write_text("{")
    assert settled_outcome(chain.settings) is None
    _export(chain)
    assert settled_outcome(chain.settings)
