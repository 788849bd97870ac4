"""The forms in which people keep a portal file: each is read to the values of the portal."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pytest

from inmet_platform.inmet.readers import read_observations
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform_tests.files import A001_2020
from inmet_platform_tests.inmet import people as by
from inmet_platform_tests.needs import needs_inmet_files

pytestmark = needs_inmet_files

Change = Callable[[by.Table], by.Table]

HOURS = 60

SEPARATORS = {"semicolons": ";", "commas": ",", "tabs": "\t", "bars": "|"}
ENCODINGS = ("latin-1", "utf-8", "utf-8-sig", "utf-16", "cp850", "cp1252")
DECIMALS: dict[str, Change] = {"decimal commas": lambda it: it, "decimal points": by.with_points}
MISSING = (
    "",
    "-9999",
    "-9999,00",
    "-9999.0",
    "-999,9",
    "NA",
    "NaN",
    "null",
    "#N/D",
    " ",
    "-",
    "////",
)
TIMES: dict[str, Change] = {
    "as the portal": lambda it: it,
    "0 to 23": by.hours_as(str),
    "0 to 2300": by.hours_as(lambda hour: str(hour * 100)),
    "0:00": by.hours_as(lambda hour: f"{hour}:00"),
    "00:00:00": by.hours_as(lambda hour: f"{hour:02}:00:00"),
    "0.0 to 2300.0": by.hours_as(lambda hour: f"{hour * 100}.0"),
    "12:00 AM": by.hours_as(lambda hour: f"{(hour - 1) % 12 + 1}:00 {'AP'[hour > 11]}M"),
    "day first": by.timed(["Data", "Hora (UTC)"], "%d/%m/%Y", "%H%M"),
    "days with points": by.timed(["data", "hora"], "%d.%m.%Y", "%H:%M"),
    "no separators": by.timed(["DATA", "HORA"], "%Y%m%d", "%H%M"),
    "month before day": by.timed(["Data", "Hora"], "%m/%d/%Y", "%H:%M"),
    "a timestamp": by.timed(["data_hora"], "%Y-%m-%d %H:%M:%S"),
    "a timestamp with a T": by.timed(["timestamp"], "%Y-%m-%dT%H:%M:%SZ"),
    "a timestamp with a zone": by.timed(["datetime"], "%Y-%m-%d %H:%M:%S+00:00"),
    "a Brazilian timestamp": by.timed(["Data e Hora"], "%d/%m/%Y %H:%M"),
    "UTC-3 in the header": by.in_zone(-3, "Hora (UTC-3)"),
    "GMT-04:00 in the header": by.in_zone(-4, "Hora GMT-04:00"),
    "year, month, day": by.timed(["ano", "mes", "dia", "hora"], "%Y", "%m", "%d", "%H"),
}
NAMES: dict[str, Change] = {
    "the portal's names": lambda it: it,
    "the API's names": lambda it: by.named(it, by.API),
    "the names of basedosdados": lambda it: by.named(it, by.BASEDOSDADOS),
    "Kaggle's names": lambda it: by.named(it, by.KAGGLE),
    "our names": lambda it: by.named(it, by.OURS),
}
SHAPES: dict[str, Change] = {
    "with metadata": lambda it: it,
    "without metadata": by.without_metadata,
    "columns in reverse": by.reordered,
    "an index": by.indexed,
    "a column of codes": by.coded,
}
QUOTES = {"few quotes": csv.QUOTE_MINIMAL, "all quoted": csv.QUOTE_ALL}

# In all 518,400 forms: each takes one of every dimension, the first is the portal's own.
DIMENSIONS = (SEPARATORS, ENCODINGS, DECIMALS, MISSING, TIMES, NAMES, SHAPES, QUOTES)


def _of_one_change() -> list[tuple[str, ...]]:
    """Every value of every dimension, the others as the portal has them."""
    portal = [next(iter(dimension)) for dimension in DIMENSIONS]
    return [
        (*portal[:place], value, *portal[place + 1 :])
        for place, dimension in enumerate(DIMENSIONS)
        for value in dimension
    ]


def _drawn(count: int) -> list[tuple[str, ...]]:
    draw = random.Random(8)
    return [tuple(draw.choice(list(it)) for it in DIMENSIONS) for _ in range(count)]


def _written(form: tuple[str, ...]) -> bytes:
    separator, encoding, decimal, missing, times, names, shape, quotes = form
    table = by.taken_apart(A001_2020.read_bytes(), HOURS)
    # The missing value after the decimal sign: its comma is no decimal one.
    table = by.missing_as(missing)(DECIMALS[decimal](TIMES[times](NAMES[names](table))))
    table = SHAPES[shape](table)
    text = by.as_text(table, SEPARATORS[separator], QUOTES[quotes])
    return text.encode(encoding, errors="replace")


@cache
def _truth() -> pa.Table:
    lines = A001_2020.read_bytes().split(b"\n")[: 9 + HOURS]
    return read_observations(b"\n".join(lines) + b"\n", file="f.CSV").table


def _equals_the_portals(table: pa.Table) -> bool:
    names = ["station_id", "observed_at", *VARIABLE_NAMES]
    return bool(table.select(names).equals(_truth().select(names)))


@pytest.mark.parametrize("form", _of_one_change(), ids=" | ".join)
def test_a_form_is_read_to_the_portals_values(form: tuple[str, ...]) -> None:
    reading = read_observations(_written(form), file="dados.csv", station_id="A001")
    assert _equals_the_portals(reading.table)


def test_two_hundred_forms_drawn_from_all_are_read_to_the_portals_values() -> None:
    wrong = []
    for form in _drawn(200):
        table = read_observations(_written(form), file="dados.csv", station_id="A001").table
        if not _equals_the_portals(table):
            wrong.append(form)
    assert wrong == []


def _gzipped(table: by.Table) -> bytes:
    return gzip.compress(by.as_text(table).encode())


@pytest.mark.parametrize("write", [by.as_workbook, by.as_json, _gzipped])
def test_a_table_in_a_wrapping_is_read_to_the_portals_values(
    write: Callable[[by.Table], bytes],
) -> None:
    table = by.named(by.without_metadata(by.taken_apart(A001_2020.read_bytes(), HOURS)), by.API)
    table = by.timed(["DT_MEDICAO", "HR_MEDICAO"], "%Y-%m-%d", "%H%M")(table)
    reading = read_observations(write(table), file="dados", station_id="A001")
    assert _equals_the_portals(reading.table)


def test_a_text_that_was_encoded_twice_is_read_with_its_accents() -> None:
    once = by.as_text(by.taken_apart(A001_2020.read_bytes(), HOURS)).replace("BRASILIA", "BRASÍLIA")
    report = read_observations(once.encode().decode("latin-1").encode(), file="f.csv").report
    assert (report.station_name, report.encoding) == ("BRASÍLIA", "utf-8, encoded twice")
