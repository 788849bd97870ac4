"""RAW to CLEAN while another run does the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from inmet_platform.cleaning.merging import Merged, merge_batch, merge_loaded
from inmet_platform.errors import LeaseLost
from inmet_platform.ledger.lease import Lease
from inmet_platform.warehouse.session import Session
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import many_stations, small_portal_file


def _lease(chain: Chain, session: Session, run_id: str) -> Lease:
    return Lease("clean", run_id, session, chain.session, timedelta(seconds=60))


def test_of_two_runs_at_once_one_merges_and_the_other_finds_all_of_it_clean(chain: Chain) -> None:
    chain.put("2020.zip", many_stations())
    chain.bring("load")

    def merge(run_id: str) -> Merged:
        with chain.session() as session:
            return merge_loaded(session, chain.bucket, _lease(chain, session, run_id), print)

    with ThreadPoolExecutor(2) as pool:
        merged = sorted(pool.map(merge, ("first", "second")), key=lambda it: it.files)
    rows = chain.count("CLEAN.OBSERVATIONS")
    assert merged == [Merged(0, 0), Merged(1, rows)]
    assert chain.states() == {"2020.zip": "clean"}
    distinct = "(SELECT DISTINCT station_id, observed_at FROM CLEAN.OBSERVATIONS)"
    assert rows == chain.count(distinct)


def test_a_merge_of_a_run_that_was_held_up_brings_nothing_old_back(chain: Chain) -> None:
    """The successor of a run has merged a newer edition that blanks an hour as a whole."""
    old = small_portal_file(hours=24)
    chain.put("old.CSV", old, **{"edition-at": "2020-01-01T00:00:00Z"})
    chain.bring("load")
    with chain.session() as late:
        late.execute("clean/create_batch_files")
        late.execute("clean/create_batch")
        chain.put("new.CSV", _blanked(old), **{"edition-at": "2021-01-01T00:00:00Z"})
        chain.bring("merge")
        rows = chain.count("CLEAN.OBSERVATIONS")
        assert rows == 23
        assert merge_batch(late, "late") == 0
        assert late.execute("clean/mark_files_clean", holder="late", now="2024-01-01") == 0
    assert chain.count("CLEAN.OBSERVATIONS") == rows


def _blanked(data: bytes) -> bytes:
    """The same file without any value in its last hour."""
    lines = data.decode("latin-1").splitlines(keepends=True)
    fields = lines[-1].split(";")
    lines[-1] = ";".join([*fields[:2], *[""] * (len(fields) - 2)]) + "\n"
    return "".join(lines).encode("latin-1")


def test_a_run_that_lost_its_lease_says_so(chain: Chain) -> None:
    chain.put("a.CSV", small_portal_file(hours=24))
    chain.bring("load")

    def taken_over(_sentence: str) -> None:
        pytest.fail("nothing is said of a merge that did not happen")

    with chain.session() as session:
        lease = _lease(chain, session, "late")
        execute = session.execute

        def losing(name: str, **values: object) -> int:
            if name == "clean/create_batch":
                chain.sql("UPDATE RAW.LEASES SET holder = 'next' WHERE lease_name = 'clean'")
            return execute(name, **values)

        session.execute = losing  # type: ignore[method-assign]
        with pytest.raises(LeaseLost, match="another has taken over"):
            merge_loaded(session, chain.bucket, lease, taken_over)
    assert chain.states() == {"a.CSV": "loaded"}
    assert chain.count("CLEAN.OBSERVATIONS") == 0
