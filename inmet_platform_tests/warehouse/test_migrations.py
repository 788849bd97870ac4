"""Tables of an earlier version are brought up to date with their rows, or it is said why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from inmet_platform.errors import SchemaNewer, SchemaTooOld
from inmet_platform.warehouse.bootstrap import bootstrap, prepare
from inmet_platform.warehouse.session import Row, open_session
from inmet_platform.warehouse.sql import Statements
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import small_portal_file

# The tables of the first version that was published, as far as the sentence needs them.
FIRST = (
    "CREATE TABLE RAW.OBSERVATIONS (station_id VARCHAR NOT NULL, "
    "observed_at TIMESTAMP_NTZ NOT NULL, temperature_c FLOAT, source_hash VARCHAR, "
    "landing_key VARCHAR, loaded_at TIMESTAMP_NTZ)",
    "INSERT INTO RAW.OBSERVATIONS VALUES ('A001', '2024-01-01', 21.5, 'x', 'y', '2024-01-02')",
)
# What the migrations added to tables that were there.
ADDED = {
    "RAW.FILES": ("etag", "has_earlier_content"),
    "RAW.STATION_HEADERS": ("variables", "repeated_hour_count"),
}


def _clean(chain: Chain) -> list[Row]:
    rows = chain.sql("SELECT * FROM CLEAN.OBSERVATIONS ORDER BY station_id, observed_at")
    return [{name: it for name, it in row.items() if name != "merged_at"} for row in rows]


def test_each_number_is_given_once_and_none_is_left_out(written: Statements) -> None:
    names = written.names("migrations")
    assert [int(name[11:14]) for name in names] == list(range(1, len(names) + 1))


def test_tables_of_before_the_migrations_are_brought_up_to_date_with_their_rows(
    embedded_cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    old = Chain(embedded_cloud.tenant(tmp_path / "old"), tmp_path)
    new = Chain(embedded_cloud.tenant(tmp_path / "new"), tmp_path)
    old.put("first.CSV", small_portal_file(seed=1))
    old.bring()
    for table, columns in ADDED.items():
        for column in columns:
            old.sql(f"ALTER TABLE {table} DROP COLUMN {column}")
    old.sql("DROP TABLE RAW.SCHEMA_HISTORY")
    list(prepare(old.settings))
    for chain in (old, new):
        chain.put("second.CSV", small_portal_file("A101", seed=2))
    new.put("first.CSV", small_portal_file(seed=1))
    old.bring()
    new.bring()
    assert old.states() == new.states() == {"first.CSV": "clean", "second.CSV": "clean"}
    ours, theirs = _clean(old), _clean(new)
    # When each was published differs: the files were put at other times.
    for row in [*ours, *theirs]:
        del row["edition_at"], row["edition"]
    assert ours == theirs != []


def test_tables_of_the_first_schema_are_told_and_left_as_they_are(
    embedded_cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    settings = embedded_cloud.storage(tmp_path)
    with open_session(settings, tag="test", database=None) as session:
        session.execute("ddl/01_create_database")
    with open_session(settings, tag="test") as session:
        session.execute("ddl/02_create_schema_raw")
        for text in FIRST:
            session.query_text(text)
        with pytest.raises(SchemaTooOld, match=r"RAW\.OBSERVATIONS lacks .*READING_ID") as told:
            list(bootstrap(settings))
        assert "inmet rebuild" in str(told.value)
        [row] = session.query_text("SELECT * FROM RAW.OBSERVATIONS")
        assert (row["station_id"], row["temperature_c"]) == ("A001", 21.5)


def test_a_platform_that_is_older_than_the_schema_says_so_and_touches_nothing(
    chain: Chain,
) -> None:
    chain.put("a.CSV", small_portal_file())
    chain.sql(
        "INSERT INTO RAW.SCHEMA_HISTORY VALUES ('migrations/999_of_later', 'x', '2030-01-01')"
    )
    sentence = "is of version 999, made by a newer version of the platform; this one knows version"
    for way in (prepare, bootstrap):
        with pytest.raises(SchemaNewer, match=sentence):
            list(way(chain.settings))
    with pytest.raises(SchemaNewer, match=sentence):
        chain.run(["raw_s3_file"])
    assert chain.states() == {}
