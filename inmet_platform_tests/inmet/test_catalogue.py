"""INMET's catalogue of stations, as two copies of it stand in the world."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from inmet_platform.checks.catalogue import disagreement
from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import StationHeader
from inmet_platform.inmet.readers.catalogue import read_catalogue, same_name
from inmet_platform_tests.needs import SHARED, needs_inmet_files

HEADER = (
    "DC_NOME;SG_ESTADO;CD_SITUACAO;VL_LATITUDE;VL_LONGITUDE;VL_ALTITUDE;"
    "DT_INICIO_OPERACAO;CD_ESTACAO"
)
A001 = StationHeader(
    station_id="A001", name="BRASÍLIA", uf="DF", latitude_deg=-15.789, longitude_deg=-47.926
)


@needs_inmet_files
@pytest.mark.parametrize(("copy", "stations"), [("Josue*", 571), ("regis*", 566)])
def test_both_copies_are_read_whole(copy: str, stations: int) -> None:
    [path] = (SHARED / "catalogue").glob(copy)
    catalogue = read_catalogue(path.read_bytes(), file=path.name)
    assert len(catalogue) == stations
    assert catalogue["A422"].founded_on == date(2008, 7, 21), "as in the portal's files"
    assert catalogue["A422"].latitude_deg == -17.96305555


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "found an empty file"),
        ("a;b\n1;2\n", "expected a file of INMET with a header line"),
        (f"{HEADER}\nX;DF;Operante;north;-47;1;06/05/2000;A001\n", "no number: 'north'"),
        (f"{HEADER}\nX;DF;Operante;-15;-47;1;32/05/2000;A001\n", "no date: '32/05/2000'"),
        (f"{HEADER}\nX;DF;Operante;-15;-47;1;06/05/2000;A1\n", "no station's code: 'A1'"),
        (f"{HEADER}\nX;DF;Operante;nan;-47;1;06/05/2000;A001\n", "no number: 'nan'"),
        (f"{HEADER}\n" + 2 * "X;DF;Operante;-15;-47;1;06/05/2000;A001\n", "A001 again"),
    ],
)
def test_what_is_no_catalogue_is_refused_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        read_catalogue(text.encode(), file="catalogue.csv")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"station_name": "Brasilia"}, None),
        ({"latitude_deg": -15.80}, None),
        ({"latitude_deg": None}, None),
        ({"station_name": "SOROCABA"}, "A001 is SOROCABA, in the catalogue BRASÍLIA"),
        ({"longitude_deg": -48.2}, "A001 stands at -15.789, -48.2, in the catalogue at"),
    ],
)
def test_a_station_that_is_not_as_in_the_catalogue_is_told(
    changes: dict[str, Any], said: str | None
) -> None:
    row = {
        "station_id": "A001",
        "station_name": "BRASÍLIA",
        "latitude_deg": -15.789,
        "longitude_deg": -47.926,
    }
    found = disagreement({**row, **changes}, A001)
    assert found is None if said is None else str(found).startswith(said)
    assert disagreement(row, None) == "A001 is not in the catalogue"


def test_a_lost_accent_is_another_letter_and_not_the_same_name() -> None:
    assert same_name("SÃO LUÍS DO QUITUNDE", "Sao Luis do  Quitunde")
    assert not same_name("IPERÓ", "SOROCABA")
