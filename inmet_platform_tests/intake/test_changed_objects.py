"""An object that is put again under its key: another content is a newer edition."""

from __future__ import annotations

from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file, zip_of

OLD, NEW = small_portal_file(seed=1), small_portal_file(seed=2)


def _put(chain: Chain, key: str, data: bytes) -> None:
    """As `aws s3 cp` puts a file under a name of its own."""
    full = f"{chain.bucket.raw_prefix}{key}"
    chain.bucket.client.put_object(Bucket=chain.bucket.name, Key=full, Body=data)


def _pressures(chain: Chain) -> list[float | None]:
    rows = chain.sql("SELECT pressure_hpa FROM CLEAN.OBSERVATIONS ORDER BY observed_at")
    return [row["pressure_hpa"] for row in rows]


def test_another_content_under_the_same_key_becomes_an_edition(chain: Chain) -> None:
    _put(chain, "A001.CSV", OLD)
    chain.bring("merge")
    before = _pressures(chain)
    _put(chain, "A001.CSV", NEW)
    chain.bring("merge")
    assert chain.states() == {"A001.CSV": "clean"}
    assert _pressures(chain) != before
    [change] = chain.sql("SELECT * FROM CLEAN.EDITION_CHANGES")
    assert change["hours_compared"] == 48
    _put(chain, "A001.CSV", OLD)
    chain.bring("merge")
    assert _pressures(chain) == before
    assert chain.count("RAW.OBSERVATIONS") == 96


def test_the_same_content_under_the_same_key_changes_nothing(chain: Chain) -> None:
    _put(chain, "A001.CSV", OLD)
    chain.bring("merge")
    before = chain.sql("SELECT * FROM CLEAN.OBSERVATIONS ORDER BY observed_at")
    files = chain.sql("SELECT * FROM RAW.FILES")
    _put(chain, "A001.CSV", OLD)
    chain.bring("merge")
    assert chain.sql("SELECT * FROM CLEAN.OBSERVATIONS ORDER BY observed_at") == before
    assert chain.sql("SELECT * FROM RAW.FILES") == files


def test_of_a_zip_that_grew_only_the_new_member_is_landed(chain: Chain) -> None:
    other = small_portal_file("A002", seed=3)
    _put(chain, "2020.zip", zip_of({"a.CSV": OLD}))
    chain.bring("merge")
    _put(chain, "2020.zip", zip_of({"a.CSV": OLD, "b.CSV": other}))
    chain.bring("merge")
    assert chain.count("RAW.OBSERVATIONS") == 96
    assert chain.states() == {"2020.zip": "clean"}
    stations = chain.sql("SELECT DISTINCT station_id FROM CLEAN.OBSERVATIONS ORDER BY 1")
    assert [row["station_id"] for row in stations] == ["A001", "A002"]
