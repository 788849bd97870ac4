"""The years that people name, and the ones that are in progress."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inmet_platform.archive.years import parse_years, years_in_progress
from inmet_platform.errors import SettingsError
from inmet_platform_tests.embedded import write_home


@pytest.mark.parametrize(
    ("texts", "years"),
    [
        (["2024"], [2024]),
        (["2000..2003"], [2000, 2001, 2002, 2003]),
        (["2024", "2022..2024", "2001"], [2001, 2022, 2023, 2024]),
    ],
)
def test_years_are_read_as_people_write_them(texts: list[str], years: list[int]) -> None:
    assert parse_years(texts, date(2025, 6, 1)) == years


@pytest.mark.parametrize("text", ["1999", "2026", "2024..2020", "2024-2025", "24", "next", ""])
def test_what_is_no_year_of_the_archive_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="expected years from 2000 to 2025, such as 2024 or"):
        parse_years([text], date(2025, 6, 1))


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2025, 1, 5), [2024]),
        (date(2025, 2, 5), [2024, 2025]),
        (date(2025, 3, 5), [2024, 2025]),
        (date(2025, 4, 5), [2025]),
        (date(2025, 12, 5), [2025]),
    ],
)
def test_the_running_year_and_until_march_the_last(today: date, years: list[int]) -> None:
    assert years_in_progress(today) == years


def test_an_address_with_a_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ARCHIVE_URL"):
        write_home(tmp_path, ARCHIVE_URL="https://user:secret@mirror.example/inmet")
