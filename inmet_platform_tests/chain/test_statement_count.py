"""What a run asks of Snowflake does not grow with the number of files."""

from __future__ import annotations

import re
from collections import Counter

from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.statements_sent import statements_sent

# How often these are sent depends on how long the run waits.
WAITING = re.compile(r"COPY_HISTORY|PIPE_STATUS|UPDATE RAW\.LEASES|SET state = 'loaded'")


def _run(chain: Chain, numbers: range) -> Counter[str]:
    for number in numbers:
        data = small_portal_file(f"A{number:03}", hours=3, seed=number)
        chain.put(f"{number}.CSV", b"no file of INMET" if number % 10 == 9 else data)
    with statements_sent() as sent:
        chain.bring()
    return Counter(_first_words(text) for text in sent if not WAITING.search(text))


def _first_words(text: str) -> str:
    return " ".join(re.sub(r"--[^\n]*\n", "", text).split()[:5])


def test_forty_files_take_as_many_statements_as_one(chain: Chain) -> None:
    # Both times with a refused file and another that is new, so that nothing is left out.
    few, many = _run(chain, range(8, 10)), _run(chain, range(10, 50))
    assert few
    assert many == few
    assert Counter(chain.states().values()) == {"clean": 37, "rejected": 5}
