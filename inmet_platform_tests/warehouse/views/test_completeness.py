"""Hours that should be there and hours that hold a value, at the edges of months and periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform_tests.warehouse.views.conftest import Files, Loaded
from inmet_platform_tests.warehouse.views.made import Made


@pytest.fixture(scope="module")
def made(load: Callable[[Files], Loaded]) -> Loaded:
    edge = Made("A300", "2020-01-31T20", 10).fill("temperature_c")
    edge.at("2020-02-01T00", temperature_c=np.nan)
    # Padded: rows without any value at either end of the file.
    padded = Made("A301", "2020-03-01T01", 744).fill(temperature_c=20.0, radiation_kj_m2=100.0)
    for label in ("2020-03-01T01", "2020-04-01T00"):
        padded.at(label, temperature_c=np.nan, radiation_kj_m2=np.nan)
    early = Made("A302", "2020-01-15T01", 24).fill("temperature_c")
    late = Made("A302", "2020-04-02T13", 24).fill(temperature_c=20.0, radiation_kj_m2=100.0)
    made = {"edge": edge, "padded": padded, "early": early, "late": late}
    return load([(f"{name}.CSV", item.file()) for name, item in made.items()])


def _months(made: Loaded, code: str, variable: str = "temperature_c") -> dict[date, list[float]]:
    rows = made.sql(
        "SELECT month, hours_expected, hours_present, completeness_pct FROM CLEAN.COMPLETENESS "  # noqa: S608
        f"WHERE station_id = '{code}' AND variable = '{variable}' ORDER BY month"
    )
    return {row.pop("month"): list(row.values()) for row in rows}


def test_the_hour_labelled_midnight_of_the_first_belongs_to_the_month_before(
    made: Loaded,
) -> None:
    assert _months(made, "A300") == {
        date(2020, 1, 1): [5, 4, 80.0],
        date(2020, 2, 1): [5, 5, 100.0],
    }


def test_padded_rows_without_a_value_are_expected_and_not_present(made: Loaded) -> None:
    assert _months(made, "A301") == {date(2020, 3, 1): [744, 742, 99.73]}


def test_a_month_of_which_no_file_is_there_has_none_present(made: Loaded) -> None:
    assert _months(made, "A302") == {
        date(2020, 1, 1): [17 * 24, 24, 5.88],
        date(2020, 2, 1): [29 * 24, 0, 0.0],
        date(2020, 3, 1): [31 * 24, 0, 0.0],
        date(2020, 4, 1): [60, 24, 40.0],
    }


def test_of_radiation_only_the_hours_12_to_20_utc_are_expected(made: Loaded) -> None:
    assert _months(made, "A301", "radiation_kj_m2") == {date(2020, 3, 1): [279, 279, 100.0]}
    # The last label is 12 UTC of the 3rd: two whole days and one hour.
    assert _months(made, "A302", "radiation_kj_m2")[date(2020, 4, 1)] == [19, 9, 47.37]


def test_every_variable_is_told_and_its_hours_are_those_of_clean(made: Loaded) -> None:
    rows = made.sql(
        "SELECT variable, SUM(hours_present) AS n FROM CLEAN.COMPLETENESS GROUP BY variable"
    )
    found = {row["variable"]: int(row["n"]) for row in rows}
    counts = ", ".join(
        "COUNT(CASE WHEN HOUR(observed_at) BETWEEN 12 AND 20 THEN radiation_kj_m2 END)"
        if name == "radiation_kj_m2"
        else f"COUNT({name})"
        for name in VARIABLE_NAMES
    )
    [expected] = made.sql(f"SELECT {counts} FROM CLEAN.OBSERVATIONS")  # noqa: S608
    assert found == dict(zip(VARIABLE_NAMES, expected.values(), strict=True))
    assert not made.sql("SELECT 1 FROM CLEAN.COMPLETENESS WHERE hours_present > hours_expected")
