"""RAW to CLEAN while another does the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from inmet_platform.cleaning.merging import merge_batch
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import many_stations


def test_two_merges_at_once_double_nothing(chain: Chain) -> None:
    chain.put("2020.zip", many_stations())
    chain.bring("load")
    with chain.session() as first, chain.session() as second:
        first.execute("clean/claim_loaded_files", run_id="first")
        with ThreadPoolExecutor(2) as pool:
            merges = [pool.submit(merge_batch, session, "first") for session in (first, second)]
        changed = sorted(merge.result() for merge in merges)
    rows = chain.count("CLEAN.OBSERVATIONS")
    assert changed == [0, rows]
    distinct = "(SELECT DISTINCT station_id, observed_at FROM CLEAN.OBSERVATIONS)"
    assert rows == chain.count(distinct)
