"""Files that are well formed and make no sense: refused, or decided and told."""

from __future__ import annotations

import pytest

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import read_observations
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.inmet.test_bad_files import HEAD, ROW

CASES = {
    "a unit that nobody knows": (
        HEAD.replace(b"(Kj/m", b"(cal/cm") + ROW,
        "f.CSV, line 9: expected radiation_kj_m2 in a unit that is known, such as kj_m2; "
        "found (cal/cm²).",
    ),
    "a local time": (
        HEAD.replace(b"Hora UTC", b"Hora Local") + ROW,
        "f.CSV, line 9: expected hours in UTC, or a fixed offset such as UTC-3 in the column's "
        "name; found 'Hora Local': a local time, which knew summer times until 2019.",
    ),
    "before INMET measured": (
        HEAD + ROW.replace(b"2020/", b"1998/"),
        "f.CSV, line 10: expected an hour from 2000-01-01 until the file was received; "
        "found 1998-01-01 00:00.",
    ),
    "columns beside their names": (
        HEAD + ROW.replace(b";0;884,1", b";884,1;0"),
        "f.CSV, line 10: expected precipitation_mm between 0 and 401, as its column's name says; "
        "found 884.1, as 1 of 1 values are. They may stand beside their column, be of another "
        "unit, or mean a missing value: compare header and rows.",
    ),
}


@pytest.mark.parametrize(("data", "sentence"), CASES.values(), ids=CASES)
def test_what_makes_no_sense_gets_its_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_observations(data, file="f.CSV")
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("written", "altitude_m", "told"),
    [
        (b"1000", 1000.0, ""),
        (b"1", 1000.0, "altitude 1.0 m does not fit the pressure; taken for 1000.0 m"),
        (b"100000", 1000.0, "altitude 100000.0 m does not fit the pressure; taken for 1000.0 m"),
        (b"99999", 999.99, "altitude 99999.0 m does not fit the pressure; taken for 999.99 m"),
        (b"9999999999", None, "altitude 9999999999.0 m does not fit the pressure; left out"),
    ],
)
def test_an_altitude_is_what_fits_the_pressure(
    written: bytes, altitude_m: float | None, told: str
) -> None:
    data = small_portal_file().replace(b"ALTITUDE:;1000", b"ALTITUDE:;" + written)
    reading = read_observations(data, file="f.CSV")
    assert reading.header
    assert reading.header.altitude_m == altitude_m
    assert [it for it in reading.report.repairs if "altitude" in it] == [told] * bool(told)
