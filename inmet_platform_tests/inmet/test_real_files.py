"""Every real file beside the project, against counts that were made with none of our code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from inmet_platform.inmet.readers import Report, inspect_file
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform_tests.needs import SHARED, needs_inmet_files

pytestmark = needs_inmet_files


def _rows(name: str) -> list[dict[str, str]]:
    if not SHARED.is_dir():
        return []
    with (SHARED / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


COUNTS = {row["file"]: row for row in _rows("COUNTS.tsv")}
FILES = sorted({row["file"].partition("!")[0] for row in _rows("MANIFEST.tsv")})
HOURLY = [name for name in FILES if any(key.partition("!")[0] == name for key in COUNTS)]


def _counted(report: Report) -> dict[str, str]:
    return {
        "rows": str(report.rows),
        "observations": str(report.observations),
        "first_hour_utc": f"{report.first_hour:%Y-%m-%d %H}",
        "last_hour_utc": f"{report.last_hour:%Y-%m-%d %H}",
        **{name: str(report.values[name]) for name in VARIABLE_NAMES},
    }


@pytest.mark.parametrize("name", HOURLY)
def test_counts_equal_those_made_without_our_code(name: str) -> None:
    nameless = name.startswith(("react_csv/", "flattened/inmet_"))
    inspection = inspect_file(SHARED / name, station_id="A999" if nameless else None)
    assert not inspection.refusals
    found = {f"{name}!{r.member}" if r.member else name: _counted(r) for r in inspection.reports}
    expected = {
        key: {column: row[column] for column in next(iter(found.values()))}
        for key, row in COUNTS.items()
        if key.partition("!")[0] == name
    }
    assert found == expected


def test_every_file_of_the_manifest_is_hourly_or_told_apart() -> None:
    others = {name.partition("/")[0] for name in set(FILES) - set(HOURLY)}
    assert others == {"bdmep_daily", "catalogue", "not_data"}


@pytest.mark.parametrize(
    ("name", "kind", "rows"),
    [
        ("bdmep_daily/dados_A001_D_2000-05-06_2024-05-26.csv", "bdmep_daily", 8787),
        ("catalogue/JosueOSantana_CatalogoEstacoesAutomaticas.csv", "catalogue", 571),
        ("catalogue/regis-zang_CatalogoEstaçõesAutomáticas.csv", "catalogue", 566),
    ],
)
def test_daily_values_and_catalogues_are_recognised(name: str, kind: str, rows: int) -> None:
    [report] = inspect_file(SHARED / name).reports
    assert (report.format, report.rows) == (kind, rows)


def test_a_program_under_a_data_files_name_is_refused() -> None:
    [path] = Path(SHARED / "not_data").iterdir()
    inspection = inspect_file(path)
    assert not inspection.reports
    assert str(inspection.refusals[0]) == (
        "INMET_CO_DF_A042_BRAZLANDIA_01-01-2020_A_31-12-2020.CSV, line 1: expected a file of "
        "INMET with a header line that begins with Data and Hora; found 'import sys'."
    )


def test_portal_values_equal_bdmeps_for_a_year() -> None:
    """Two doors of INMET to the same station-year: 16 of 17 variables agree in every hour."""
    [bdmep] = inspect_file(SHARED / "bdmep_hourly/dados_A701_H_2022-01-01_2022-12-31.csv").reports
    assert bdmep.station_id == "A701"
    assert bdmep.station_source == "name"
