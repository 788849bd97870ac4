"""No silent wrong value: a damaged file is read to the truth, refused, or a remark names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import read_observations
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform_tests.inmet import people as by

MOST_HOURS = 24 * 40

Damage = Callable[[by.Table], by.Table]
UNITS = ("km/h", "nós", "mph", "°F", "K", "kPa", "mmHg", "W/m²", "cm", "m", "l/m²", "mm/dia", "%")
ZONES = (
    "Hora (UTC-3)",
    "Hora GMT-03:00",
    "Hora Local",
    "Hora de Brasília",
    "Hora (BRT)",
    "HORA -03",
)
DATES = ("%m/%d/%Y", "%d/%m/%Y", "%Y-%d-%m", "%Y/%m/%d", "%d-%m-%Y")
MEANS = ("MÉDIA DIÁRIA", "ACUMULADA EM 24H", "DO SOLO", "BULBO ÚMIDO", "MENSAL", "COMPENSADA")


@pytest.fixture(scope="module")
def whole() -> by.Table:
    """A year of the synthetic station."""
    return by.taken_apart(sample_station_year(2024)[1], 8784)


def _cut(whole: by.Table, first: int, hours: int) -> by.Table:
    part = slice(first, first + hours)
    return replace(whole, hours=whole.hours[part], values=whole.values[part])


def _mean_names(table: by.Table, place: int, word: str) -> by.Table:
    names = [*table.names]
    names[place] = names[place].replace(" (", f" {word} (", 1)
    return replace(table, names=names)


def _other_unit(table: by.Table, place: int, unit: str) -> by.Table:
    names = [*table.names]
    names[place] = f"{names[place].rpartition(' (')[0]} ({unit})"
    return replace(table, names=names)


def _moved_left(table: by.Table, place: int) -> by.Table:
    """Every row lost a cell, and has its separators still."""
    rows = [[*row[:place], *row[place + 1 :], ""] for row in table.values]
    return replace(table, values=rows)


def _moved_right(table: by.Table, place: int) -> by.Table:
    rows = [[*row[:place], "", *row[place:-1]] for row in table.values]
    return replace(table, values=rows)


def _turned(table: by.Table, by_columns: int) -> by.Table:
    rows = [row[by_columns:] + row[:by_columns] for row in table.values]
    return replace(table, values=rows)


def _damages() -> st.SearchStrategy[Damage]:
    place = st.integers(0, len(VARIABLE_NAMES) - 1)
    of_a_column = st.one_of(
        st.builds(partial, st.just(_other_unit), unit=st.sampled_from(UNITS)),
        st.builds(partial, st.just(_mean_names), word=st.sampled_from(MEANS)),
        st.sampled_from([_moved_left, _moved_right]),
    )
    return st.one_of(
        st.builds(lambda change, place: partial(change, place=place), of_a_column, place),
        st.builds(lambda name: by.in_zone(-3, name), st.sampled_from(ZONES)),
        st.builds(lambda form: by.timed(["Data", "Hora"], form, "%H%M"), st.sampled_from(DATES)),
        st.builds(partial, st.just(_turned), by_columns=st.integers(1, 16)),
        st.builds(by.missing_as, st.sampled_from(["-9999,00", "NA", "#N/D", "-999,9"])),
    )


@given(
    damage=_damages(),
    first=st.integers(0, 8784 - MOST_HOURS),
    hours=st.integers(30, MOST_HOURS),
)
def test_a_damaged_file_gives_no_wrong_value_without_a_word(
    whole: by.Table, damage: Damage, first: int, hours: int
) -> None:
    sound = _cut(whole, first, hours)
    truth = read_observations(by.as_text(sound).encode(), file="f.csv")
    try:
        reading = read_observations(by.as_text(damage(sound)).encode(), file="f.csv")
    except UnreadableFile:
        return
    if set(reading.report.repairs) > set(truth.report.repairs):
        return  # a remark names it
    for name in VARIABLE_NAMES:
        np.testing.assert_array_equal(reading.table[name], truth.table[name], err_msg=name)
    assert reading.table["observed_at"].equals(truth.table["observed_at"])


def test_a_typing_error_in_a_date_is_refused_with_its_line(whole: by.Table) -> None:
    for wrong in ("2204/02/03", "1924/02/03", "2023/02/03"):
        sound = by.as_text(_cut(whole, 24 * 30, 24 * 10))
        hour = "2024/02/03;0500 UTC"
        text = sound.replace(hour, hour.replace("2024/02/03", wrong))
        line = 1 + sound[: sound.index(hour)].count("\n")
        received = whole.hours[-1] + timedelta(days=400)
        try:
            read_observations(text.encode(), file="f.csv", received_at=received)
        except UnreadableFile as refusal:
            assert refusal.place.line == line  # noqa: PT017 - reading it is the failure
        else:
            raise AssertionError(wrong)
