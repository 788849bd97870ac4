"""The ledger: a raw object is written down once."""

from __future__ import annotations

from inmet_platform.ledger.ledger import Ledger
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file


def test_registering_a_key_twice_is_one_row(chain: Chain) -> None:
    chain.put("a.CSV", small_portal_file())
    with chain.session() as session:
        for _ in range(2):
            Ledger(session).register(chain.bucket.list_raw())
    assert chain.count("RAW.FILES") == 1
