"""`inmet judge`: which years, what it tells, and the files after it."""

from __future__ import annotations

from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.command.typed import inmet
from inmet_platform_tests.files import small_portal_file


def test_judge_tells_each_year_and_refuses_one_that_is_not_there(chain: Chain) -> None:
    chain.put("a.CSV", small_portal_file())
    chain.bring("merge")
    done = inmet(chain.settings.home, "judge", "2020")
    assert done.returncode == 0, done.stderr
    assert "2020 judged: 0 hours have other values" in done.stdout
    assert chain.csv.is_file()
    again = inmet(chain.settings.home, "judge")
    assert "every year is judged by the rules of today" in again.stdout
    refused = inmet(chain.settings.home, "judge", "2018..2020")
    assert refused.returncode == 1
    assert "expected years that CLEAN holds (2020); found 2018, 2019." in refused.stderr
