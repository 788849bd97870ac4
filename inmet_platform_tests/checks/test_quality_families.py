"""The rules by family: each rule once, honest limits, one statement for all."""

from __future__ import annotations

import pytest

from docs.source.quality_counts import COUNTS_OF_2024
from inmet_platform.inmet.quality.families import FAMILIES, LARGEST_SHARE, MASKS
from inmet_platform.inmet.quality.rules import RULES
from inmet_platform_tests.chain.chain import Chain, checks_of
from inmet_platform_tests.cleaning.plausible import plausible

HOURS_OF_2024 = 4_078_527


def test_every_rule_is_in_one_family() -> None:
    named = [name for names in FAMILIES.values() for name in names]
    assert sorted(named) == sorted(rule.name for rule in RULES)
    assert sum(MASKS.values()) == 2 ** len(RULES) - 1


@pytest.mark.parametrize("family", FAMILIES)
def test_a_limit_lets_the_network_of_2024_pass_and_not_five_times_as_much(family: str) -> None:
    counted = sum(COUNTS_OF_2024[it][0] for it in FAMILIES[family] if it in COUNTS_OF_2024)
    share = counted / HOURS_OF_2024
    assert share < LARGEST_SHARE[family] <= max(5 * share, 0.001)


def test_a_family_warns_of_its_own_errors_alone(chain: Chain) -> None:
    made = plausible("A001", "2020-06-01", 48)
    made.at("2020-06-01T12", temperature_c=99.0)
    chain.put("a.CSV", made.file())
    done = chain.run(["raw_s3_file", "snowflake_raw", "snowflake_clean"])
    found = {
        name.removeprefix("few_hours_fail_"): check
        for name, check in checks_of(done).items()
        if name.startswith("few_hours_fail_")
    }
    assert {name: check.passed for name, check in found.items()} == {
        **dict.fromkeys(FAMILIES, True),
        "limits": False,
    }
    told = {name: value.value for name, value in found["limits"].metadata.items()}
    assert (told["hours flagged"], told["hours"]) == (1, 48)
