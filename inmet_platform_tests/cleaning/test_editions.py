"""Editions: CLEAN is the newest of every hour, in whatever order and however often they come."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inmet_platform.inmet.portal_form import portal_file
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import small_portal_file, station, zip_of
from inmet_platform_tests.needs import SHARED, needs_inmet_files

HOURS = 6
# A zip knows no time zone.
# A zip's own times are those of Brasília.
BRASILIA_BEHIND_UTC = timedelta(hours=3)
JANUARY, FEBRUARY, MARCH = (datetime(2024, month, 10) for month in (1, 2, 3))  # noqa: DTZ001


def _file(temperature: list[float | None], code: str = "A001") -> bytes:
    """Six hours that hold a temperature or nothing at all."""
    times = np.arange(np.datetime64("2024-01-01T01", "h"), np.datetime64("2024-01-01T07", "h"))
    empty = np.full(HOURS, np.nan)
    values = dict.fromkeys(VARIABLE_NAMES, empty)
    values["temperature_c"] = np.array(
        [np.nan if value is None else value for value in temperature], dtype=float
    )
    return portal_file(station(code), times, values, "2020-")


def _zip(data: bytes, written_at: datetime, name: str = "a.CSV") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, written_at.timetuple()[:6]), data)
    return buffer.getvalue()


FIRST = _zip(_file([20.1, 20.2, 20.3, None, 20.5, None]), JANUARY)
SECOND = _zip(_file([20.1, 21.2, None, 20.4, 20.5, None]), FEBRUARY)
# Back to what the first said: the same bytes, in another zip, at a later time.
THIRD = _zip(_file([20.1, 20.2, 20.3, None, 20.5, None]), MARCH, "again.CSV")


def _temperatures(chain: Chain) -> list[float]:
    rows = chain.sql("SELECT temperature_c FROM CLEAN.OBSERVATIONS ORDER BY observed_at")
    return [row["temperature_c"] for row in rows]


def _load(chain: Chain, *zips: bytes) -> None:
    for number, data in enumerate(zips):
        chain.put(f"{number}.zip", data)
        chain.bring("merge")


def _changes(chain: Chain) -> list[dict[str, Any]]:
    return chain.sql("SELECT * FROM CLEAN.EDITION_CHANGES ORDER BY edition")


@pytest.mark.parametrize("order", [(FIRST, SECOND), (SECOND, FIRST)])
def test_a_newer_edition_fills_changes_and_blanks_in_either_order(
    chain: Chain, order: tuple[bytes, ...]
) -> None:
    _load(chain, *order)
    assert _temperatures(chain) == [20.1, 21.2, 20.4, 20.5]
    [change] = _changes(chain)
    counted = {name: value for name, value in change.items() if name.startswith(("hours", "cells"))}
    assert counted == {
        "hours_compared": 6,
        "hours_different": 3,
        "hours_blanked": 1,
        "cells_filled": 1,
        "cells_blanked": 1,
        "cells_changed": 1,
    }
    assert (change["station_id"], change["edition_at"]) == ("A001", FEBRUARY + BRASILIA_BEHIND_UTC)


def test_an_edition_that_goes_back_to_known_bytes_wins_and_is_not_landed_again(
    chain: Chain,
) -> None:
    _load(chain, FIRST, SECOND, THIRD)
    assert _temperatures(chain) == [20.1, 20.2, 20.3, 20.5]
    assert chain.count("RAW.OBSERVATIONS") == 2 * HOURS
    assert chain.count("RAW.STATION_HEADERS") == 3


def test_of_a_zip_only_the_members_that_are_new_are_landed(chain: Chain) -> None:
    old, new = small_portal_file("A001"), small_portal_file("A002")
    chain.put("one.zip", zip_of({"a.CSV": old}))
    chain.bring("merge")
    chain.put("two.zip", zip_of({"a.CSV": old, "b.CSV": new}))
    chain.bring("merge")
    assert chain.count("RAW.OBSERVATIONS") == 96
    assert set(chain.states().values()) == {"clean"}
    distinct = chain.sql("SELECT COUNT(DISTINCT station_id) AS n FROM CLEAN.OBSERVATIONS")
    assert distinct == [{"n": 2}]


def test_the_time_that_the_sender_gives_is_the_editions(chain: Chain) -> None:
    chain.put("new.CSV", _file([21.0] * HOURS), **{"edition-at": "2024-03-01T00:00:00Z"})
    chain.put("old.CSV", _file([20.0] * HOURS), **{"edition-at": "2024-02-01T00:00:00-03:00"})
    chain.bring("merge")
    assert _temperatures(chain) == [21.0] * HOURS


def test_a_file_with_some_variables_never_blanks_one_with_all(chain: Chain) -> None:
    """BDMEP sends what was asked for: the other variables are not missing, they were not asked."""
    partial = (
        b"Nome: TESTE\nCodigo Estacao: A001\nLatitude: -15.5\nLongitude: -47.25\nAltitude: 1000\n"
        b"Situacao: Operante\nData Inicial: 2024-01-01\nData Final: 2024-01-01\n"
        b"Periodicidade da Medicao: Horaria\n\n"
        b"Data Medicao;Hora Medicao;PRECIPITACAO TOTAL, HORARIO(mm);\n"
        b"2024-01-01;0100;1.2;\n2024-01-01;0900;0.4;\n"
    )
    _load(chain, FIRST)
    chain.put("dados_A001_H_2024-01-01_2024-01-01.csv", partial)
    chain.bring("merge")
    assert _temperatures(chain) == [20.1, 20.2, 20.3, 20.5, None]
    rows = chain.sql("SELECT precipitation_mm FROM CLEAN.OBSERVATIONS ORDER BY observed_at")
    assert [row["precipitation_mm"] for row in rows] == [1.2, None, None, None, 0.4]


def _edition(name: str, station_id: str) -> bytes:
    """A station of one of INMET's zips, with the time at which it was written there."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(SHARED / "archive" / name) as whole,
        zipfile.ZipFile(buffer, "w") as part,
    ):
        [entry] = [it for it in whole.infolist() if f"_{station_id}_" in it.filename]
        part.writestr(zipfile.ZipInfo(entry.filename, entry.date_time), whole.read(entry))
    return buffer.getvalue()


@needs_inmet_files
def test_real_editions_give_one_clean_in_any_order(
    chain: Chain, embedded_cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    half = _edition("2024-first-half-edition.zip", "A042")
    full = _edition("2024.zip", "A042")
    others = [
        Chain(embedded_cloud.loaders_tenant(tmp_path / name), tmp_path)
        for name in ("back", "alone")
    ]
    _load(chain, half, full)
    _load(others[0], full, half)
    _load(others[1], full)
    forward, back, alone = (_clean(it) for it in (chain, *others))
    assert forward == back
    assert forward == alone, "every hour of the first edition is in the second"
    assert _changes(chain) == _changes(others[0])
    assert sum(change["cells_filled"] for change in _changes(chain)) > 0


def _clean(chain: Chain) -> list[dict[str, Any]]:
    rows = chain.sql("SELECT * FROM CLEAN.OBSERVATIONS ORDER BY station_id, observed_at")
    for row in rows:
        del row["merged_at"]
    return rows
