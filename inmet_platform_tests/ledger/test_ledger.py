"""The ledger: a raw object is written down once, and taken by one run at a time."""

from __future__ import annotations

from inmet_platform.ledger.ledger import Ledger
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file


def test_a_claim_keeps_another_run_out_until_its_time_is_over(chain: Chain) -> None:
    chain.put("a.CSV", small_portal_file())
    with chain.session() as session:
        first, second = Ledger(session, "first"), Ledger(session, "second")
        first.register(chain.bucket.list_raw())
        assert len(first.claim()) == 1
        assert second.claim() == []
        [foreign] = second.foreign_claims()
        assert (foreign["claimed_by"], foreign["file_count"]) == ("first", 1)
        session.query_text("UPDATE RAW.FILES SET claimed_until = '2020-01-01'::TIMESTAMP_NTZ")
        assert len(second.claim()) == 1


def test_registering_a_key_twice_is_one_row(chain: Chain) -> None:
    chain.put("a.CSV", small_portal_file())
    with chain.session() as session:
        for _ in range(2):
            Ledger(session, "run").register(chain.bucket.list_raw())
    assert chain.count("RAW.FILES") == 1
