"""`inmet run` with known files: said to be done only while all that the last run made holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from inmet_platform.command.last_run import Made, nothing_new, remember
from inmet_platform.results.export import export_clean
from inmet_platform.results.manifest import content_digest, read_manifest
from inmet_platform.storage.events import RawEvents
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import small_portal_file


@pytest.fixture(scope="module")
def chain(embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = tmp_path_factory.mktemp("last-run")
    chain = Chain(embedded_cloud.loaders_tenant(folder / "home"), folder)
    chain.put("a.CSV", small_portal_file())
    chain.bring()
    return chain


@pytest.fixture(autouse=True)
def last(chain: Chain) -> Made:
    """What the last run said, which had too few hours for a model."""
    made: Made = {
        "snowflake_raw": {"dagster/row_count": 5, "stations": 0, "rows_loaded": 5},
        "snowflake_clean": {"dagster/row_count": 5, "stations": 0, "rows_merged": 5},
        "inmet_clean_csv": {"sha256": content_digest(read_manifest(chain.files).values())},
        "trained_model": {"trained": False},
    }
    remember(chain.settings, made)
    return made


def _export(chain: Chain) -> None:
    with chain.session() as session:
        export_clean(session, chain.bucket, chain.files, print)


def _marker(chain: Chain) -> Path:
    return chain.settings.state_dir / "last_run.json"


def test_it_shows_the_counts_of_now_and_nothing_as_new(chain: Chain) -> None:
    made = nothing_new(chain.settings)
    assert made
    counts = {"dagster/row_count": 48, "stations": 1}
    assert made["snowflake_raw"] == {**counts, "rows_loaded": 0}
    assert made["snowflake_clean"] == {**counts, "rows_merged": 0}
    assert made["trained_model"] == {"trained": False}


def test_rows_that_another_run_merged_want_a_run(chain: Chain) -> None:
    chain.sql(
        "UPDATE CLEAN.OBSERVATIONS SET merged_at = DATEADD(minute, 1, merged_at) "
        "WHERE observed_at = '2020-01-01 05:00:00'::TIMESTAMP_NTZ"
    )
    assert nothing_new(chain.settings) is None
    _export(chain)
    assert nothing_new(chain.settings), "the same content"


def test_a_year_that_is_no_more_in_clean_wants_a_run(chain: Chain) -> None:
    chain.sql("CREATE TABLE CLEAN.AWAY AS SELECT * FROM CLEAN.OBSERVATIONS")
    chain.sql("DELETE FROM CLEAN.OBSERVATIONS")
    try:
        assert nothing_new(chain.settings) is None
    finally:
        chain.sql("INSERT INTO CLEAN.OBSERVATIONS SELECT * FROM CLEAN.AWAY")
        chain.sql("DROP TABLE CLEAN.AWAY")
    assert nothing_new(chain.settings)


def test_files_that_another_run_has_replaced_want_a_run(chain: Chain, last: Made) -> None:
    last["inmet_clean_csv"]["sha256"] = "of other files"
    remember(chain.settings, last)
    assert nothing_new(chain.settings) is None


def test_an_event_that_waits_wants_a_run(chain: Chain) -> None:
    events = RawEvents.from_settings(chain.settings)
    chain.bucket.delete(chain.put("b.CSV", small_portal_file("A002")))
    assert nothing_new(chain.settings) is None
    events.delete(events.receive())
    assert nothing_new(chain.settings)


@pytest.mark.parametrize("state", ["received", "landed", "loaded"])
def test_a_file_on_its_way_wants_a_run(chain: Chain, state: str) -> None:
    chain.sql(f"UPDATE RAW.FILES SET state = '{state}'")  # noqa: S608
    assert nothing_new(chain.settings) is None
    chain.sql("UPDATE RAW.FILES SET state = 'clean'")
    assert nothing_new(chain.settings)


@pytest.mark.parametrize(
    "text", ["", '{"inmet_clean_csv": {', "[]", "{}", '{"inmet_clean_csv": []}']
)
def test_a_record_that_cannot_be_read_wants_a_run(chain: Chain, text: str) -> None:
    _marker(chain).write_text(text)
    assert nothing_new(chain.settings) is None


@pytest.mark.parametrize("damage", ["csv changed", "parquet gone", "manifest torn"])
def test_files_that_are_not_as_they_were_written_want_a_run(chain: Chain, damage: str) -> None:
    if damage == "csv changed":
        chain.csv.write_bytes(chain.csv.read_bytes()[:-5])
    elif damage == "parquet gone":
        chain.files.parquet(2020).unlink()
    else:
        chain.files.export_json.write_text("{")
    assert nothing_new(chain.settings) is None
    _export(chain)
    assert nothing_new(chain.settings)
