"""A doubled hour keeps its year from being exported until it is mended, whatever comes next."""

from __future__ import annotations

import dagster as dg

from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file

TO_FILES = ["snowflake_clean", "inmet_clean_csv"]
DOUBLED = "station_id = 'A001' AND observed_at = '2019-03-01 05:00:00'::TIMESTAMP_NTZ"


def _check(result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    [found] = [
        item
        for item in result.get_asset_check_evaluations()
        if item.check_name == "each_hour_is_there_once"
    ]
    return found


def test_a_doubled_hour_is_not_exported_by_the_next_unrelated_file(chain: Chain) -> None:
    chain.put("2019.CSV", small_portal_file(first="2019-03-01T00", hours=20))
    chain.bring()
    before = chain.csv.read_bytes()
    same_again = f"SELECT * FROM CLEAN.OBSERVATIONS WHERE {DOUBLED}"  # noqa: S608
    chain.sql(f"INSERT INTO CLEAN.OBSERVATIONS {same_again}")
    for year in (2021, 2022):
        chain.put(f"{year}.CSV", small_portal_file(first=f"{year}-03-01T00", hours=20))
        result = chain.run(raise_on_error=False)
        assert not result.success
        assert not _check(result).passed
        assert chain.count("CLEAN.OBSERVATIONS") > 20 * (year - 2020)
        assert chain.csv.read_bytes() == before
    told = _check(result).metadata
    assert "A001 2019-03-01 05:00:00: 2 rows" in str(told["offenders (first 20)"].value)
    assert told["years"].value == "2019, 2021, 2022"
    chain.sql(f"DELETE FROM CLEAN.OBSERVATIONS WHERE {DOUBLED}")  # noqa: S608
    mended = chain.run(TO_FILES)
    assert _check(mended).passed
    assert chain.csv.read_text().count("A001,2022") == 20
    assert _check(chain.run(TO_FILES)).metadata["years"].value == "none"
