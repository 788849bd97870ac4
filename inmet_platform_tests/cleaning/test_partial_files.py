"""Files that hold some variables say nothing of the others, in whatever order they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Any

import pytest

from inmet_platform.cleaning.judging import judge_years
from inmet_platform_tests.chain.chain import Chain

HOURS = range(1, 7)
WHOLE_NAMES = (
    *("precipitacao", "pressao", "pressao max", "pressao min", "radiacao", "temperatura"),
    *("orvalho", "temperatura max", "temperatura min", "orvalho max", "orvalho min"),
    *("umidade max", "umidade min", "umidade", "vento direcao", "vento rajada", "vento velocidade"),
)


def _table(names: tuple[str, ...], cells: list[str], hours: Iterable[int] = HOURS) -> bytes:
    """Hours of A001; each row of cells is that of an hour."""
    rows = [f"2024-01-01,{hour:02}00,{row}" for hour, row in zip(hours, cells, strict=True)]
    return ("\n".join([",".join(("data", "hora", *names)), *rows]) + "\n").encode()


def _whole(rain: float, temperature: str, hours: Sequence[int] = HOURS) -> bytes:
    row = f"{rain},900,900,900,,{temperature},10,30,5,10,10,80,80,80,90,3,2"
    return _table(WHOLE_NAMES, [row] * len(hours), hours)


# With the time of the edition. The newest that has a variable wins: T and R are the newest of all.
FILES = {
    "whole": (_whole(0.2, "20.0"), "2024-02-01T00:00:00Z"),
    "whole newer": (_whole(0.4, "21.0"), "2024-03-01T00:00:00Z"),
    "temperature": (
        _table(("temperatura", "umidade"), ["22.5,70", "22.5,", ",", "22.5,70", "22.5,70", ","]),
        "2024-04-01T00:00:00Z",
    ),
    "rain": (
        _table(("chuva", "vento rajada"), ["1.0,4", "1.0,4", "1.0,4", ",", ",", ","]),
        "2024-05-01T00:00:00Z",
    ),
}
ORDERS = list(permutations(FILES))


def _bring(chain: Chain, name: str, data: bytes, edition_at: str) -> None:
    chain.put(f"{name}.csv", data, **{"station-id": "A001", "edition-at": edition_at})
    chain.bring("merge")


def _load(chain: Chain, *names: str) -> None:
    for name in names:
        _bring(chain, name, *FILES[name])


def _clean(chain: Chain) -> list[dict[str, Any]]:
    rows = chain.sql("SELECT * FROM CLEAN.OBSERVATIONS ORDER BY observed_at")
    return [{name: value for name, value in row.items() if name != "merged_at"} for row in rows]


def _column(rows: list[dict[str, Any]], name: str) -> list[float | None]:
    return [row[name] for row in rows]


@pytest.mark.parametrize("order", ORDERS[::8], ids=" - ".join)
def test_each_variable_is_the_newest_files_that_has_it(chain: Chain, order: tuple[str]) -> None:
    _load(chain, *order)
    rows = _clean(chain)
    assert _column(rows, "temperature_c") == [22.5, 22.5, None, 22.5, 22.5, None]
    assert _column(rows, "humidity_pct") == [70, None, None, 70, 70, None]
    assert _column(rows, "precipitation_mm") == [1.0, 1.0, 1.0, None, None, None]
    assert _column(rows, "wind_gust_ms") == [4, 4, 4, None, None, None]
    assert _column(rows, "wind_speed_ms") == [2.0] * 6
    assert _column(rows, "pressure_hpa") == [900.0] * 6


def test_two_partial_files_of_a_station_leave_each_other_alone(chain: Chain) -> None:
    _load(chain, "temperature", "rain")
    rows = _clean(chain)
    assert _column(rows, "temperature_c") == [22.5, 22.5, None, 22.5, 22.5]
    assert _column(rows, "precipitation_mm") == [1.0, 1.0, 1.0, None, None]


def test_what_is_put_together_again_changes_nothing(chain: Chain) -> None:
    _load(chain, "whole", "temperature", "rain")
    before = chain.sql("SELECT * FROM CLEAN.OBSERVATIONS ORDER BY observed_at")
    chain.sql("UPDATE RAW.FILES SET state = 'loaded' WHERE file_name LIKE 'temp%'")
    chain.bring("merge")
    assert chain.sql("SELECT * FROM CLEAN.OBSERVATIONS ORDER BY observed_at") == before


def test_a_file_without_a_variable_is_not_counted_as_blanking_it(chain: Chain) -> None:
    _load(chain, "whole", "rain")
    [change] = chain.sql("SELECT * FROM CLEAN.EDITION_CHANGES")
    assert (change["cells_changed"], change["cells_blanked"], change["cells_filled"]) == (6, 6, 0)
    assert change["hours_blanked"] == 0


@pytest.mark.parametrize("hours", [(1, 2, 3), (1, 3, 6)], ids=["shorter", "with holes"])
def test_a_whole_file_of_some_hours_leaves_the_other_hours_together(
    chain: Chain, hours: tuple[int, ...]
) -> None:
    _load(chain, "whole", "temperature", "rain")
    _bring(chain, "between", _whole(0.6, "21.5", hours), "2024-03-15T00:00:00Z")
    rows = _clean(chain)
    assert _column(rows, "pressure_hpa") == [900.0] * 6
    assert _column(rows, "temperature_c") == [22.5, 22.5, None, 22.5, 22.5, None]
    assert _column(rows, "precipitation_mm") == [1.0, 1.0, 1.0, None, None, None]


def test_a_partial_file_brings_back_nothing_older_in_hours_beside_its_own(chain: Chain) -> None:
    _load(chain, "whole", "temperature")
    _bring(chain, "late", _table(("temperatura",), ["25.5"] * 2, (5, 6)), "2024-06-01T00:00:00Z")
    _bring(chain, "early", _table(("chuva",), ["2.0"] * 2, (1, 2)), "2024-05-15T00:00:00Z")
    rows = _clean(chain)
    assert _column(rows, "temperature_c") == [22.5, 22.5, None, 22.5, 25.5, 25.5]
    assert _column(rows, "precipitation_mm") == [2.0, 2.0, 0.2, 0.2, 0.2, 0.2]


def test_what_a_file_held_before_it_was_put_again_counts_meanwhile(chain: Chain) -> None:
    _load(chain, "whole")
    chain.sql(
        "UPDATE RAW.FILES SET state = 'rejected', has_earlier_content = TRUE"
        " WHERE file_name = 'whole.csv'"
    )
    _load(chain, "rain")
    assert _column(_clean(chain), "pressure_hpa") == [900.0] * 6


def test_a_year_judged_anew_keeps_what_was_put_together(chain: Chain) -> None:
    _load(chain, "whole", "temperature", "rain")
    before = _clean(chain)
    with chain.session() as session:
        judge_years(session, [2024], lambda _: None)
    assert _clean(chain) == before
