"""A run that waited for Snowpipe writes nothing over what another run has landed meanwhile."""

from __future__ import annotations

from inmet_platform.ledger.ledger import Ledger
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file


def test_a_file_that_has_landed_anew_is_neither_loaded_nor_refused_by_the_run_before(
    chain: Chain,
) -> None:
    key = chain.put("a.CSV", small_portal_file(hours=24))
    chain.bring("land")
    with chain.session() as session:
        ledger = Ledger(session)
        [asked, *_] = session.query("load/select_landed_files")
        chain.run(["raw_s3_file"], config={"raw_s3_file": {"keys": [key], "force": True}})
        ledger.mark_loaded([key], asked["updated_at"])
        ledger.refuse_loads([(key, "Load failed")], asked["updated_at"])
        assert chain.states() == {"a.CSV": "landed"}
        [now, *_] = session.query("load/select_landed_files")
        assert now["updated_at"] > asked["updated_at"]
        ledger.mark_loaded([key], now["updated_at"])
    assert chain.states() == {"a.CSV": "loaded"}
