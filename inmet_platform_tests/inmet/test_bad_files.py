"""Bad input: each gets its sentence, with the place, what was expected and what was found."""

from __future__ import annotations

import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import read_observations, read_stations
from inmet_platform_tests.files import small_portal_file, zip_of

GOOD = small_portal_file(hours=3)
HEAD = b"\n".join(GOOD.split(b"\n")[:9]) + b"\n"
ROW = b"2020/01/01;0000 UTC;0;884,1;884,2;883,9;;20;18,1;20,2;19,6;18,4;17,7;89;88;89;108;2,7;,8;\n"
SECOND = ROW.replace(b"0000 UTC", b"0100 UTC")
FLAT = b"Data,Hora UTC," + b",".join(
    b'"%s"' % name.encode()
    for name in (
        *("PRECIPITACAO TOTAL", "PRESSAO ATMOSFERICA", "PRESSAO MAX", "PRESSAO MIN", "RADIACAO"),
        *("TEMPERATURA BULBO SECO", "TEMPERATURA ORVALHO", "TEMPERATURA MAX", "TEMPERATURA MIN"),
        *("ORVALHO MAX", "ORVALHO MIN", "UMIDADE MAX", "UMIDADE MIN", "UMIDADE"),
        *("VENTO DIRECAO", "VENTO RAJADA", "VENTO VELOCIDADE"),
    )
)
FLAT_ROW = b"2020-01-01,0000 UTC,0,884.1,884.2,883.9,,20,18,20,19,18,17,89,88,89,108,2.7,0.8"

CASES = {
    "empty file": (b"", "f.CSV: expected a CSV of INMET; found an empty file."),
    "only white space": (b" \r\n\n", "f.CSV: expected a CSV of INMET; found an empty file."),
    "a program": (
        b"import sys\n\nprint(1)\n",
        "f.CSV, line 1: expected a file of INMET with a header line that begins with Data and "
        "Hora; found 'import sys'.",
    ),
    "random bytes": (
        random.Random(1).randbytes(5000),
        "f.CSV: expected CSV text; found binary data.",
    ),
    "a gzip that was cut off": (
        gzip.compress(GOOD)[:-20],
        "f.CSV: expected a whole gzip; found one that was cut off. "
        "The file was cut off; fetch it again.",
    ),
    "zip as a member": (
        zip_of({"a.csv": GOOD}),
        "f.CSV: expected CSV text; found a zip. "
        "Send the CSV itself, or a zip that holds CSV files.",
    ),
    "truncated last line": (
        HEAD + ROW + SECOND[:40],
        "f.CSV, line 11: expected a last line of 20 fields like the others; found one cut off "
        "after 7: '2020/01/01;0100 UTC;0;884,1;884,2;883,9;'. The file was cut off; fetch it "
        "again.",
    ),
    "18 fields": (
        HEAD + ROW + SECOND.replace(b";108;2,7;,8;", b";108;2,7"),
        "f.CSV, line 11: expected 19 fields; found 18: "
        "'2020/01/01;0100 UTC;0;884,1;884,2;883,9;;20;18,1;20,2;19,6;…'.",
    ),
    "21 fields": (
        HEAD + ROW + SECOND.replace(b";,8;", b";,8;7;9;"),
        "f.CSV, line 11: expected 19 fields; found 21: "
        "'2020/01/01;0100 UTC;0;884,1;884,2;883,9;;20;18,1;20,2;19,6;…'.",
    ),
    "a row that lost a field": (
        HEAD + ROW + SECOND.replace(b";20;", b";"),
        "f.CSV, line 11: expected 19 fields; found 18: "
        "'2020/01/01;0100 UTC;0;884,1;884,2;883,9;;18,1;20,2;19,6;18,…'.",
    ),
    "every row lost a field": (
        HEAD + ROW.replace(b";20;", b";") + SECOND.replace(b";20;", b";"),
        "f.CSV, line 10: expected 19 fields; found 18: "
        "'2020/01/01;0000 UTC;0;884,1;884,2;883,9;;18,1;20,2;19,6;18,…'.",
    ),
    "a value in the empty last field": (
        HEAD + ROW + SECOND.replace(b";,8;", b";,8;7"),
        "f.CSV, line 11: expected 19 fields; found 20: "
        "'2020/01/01;0100 UTC;0;884,1;884,2;883,9;;20;18,1;20,2;19,6;…'.",
    ),
    "every row has 21 fields": (
        HEAD + ROW.replace(b";,8;", b";,8;7;9;"),
        "f.CSV, line 10: expected 19 fields; found 21: "
        "'2020/01/01;0000 UTC;0;884,1;884,2;883,9;;20;18,1;20,2;19,6;…'.",
    ),
    "an open quote": (
        HEAD + ROW + SECOND.replace(b";20;", b';"20;'),
        "f.CSV, line 11: expected 19 fields; found an open quote: "
        "'2020/01/01;0100 UTC;0;884,1;884,2;883,9;;\"20;18,1;20,2;19,6…'.",
    ),
    "carriage returns for newlines": (
        GOOD.replace(b"\n", b"\r"),
        "f.CSV: expected lines that end in LF or CRLF; found carriage returns alone. "
        "Save the file again with another program.",
    ),
    "a carriage return inside a row": (
        HEAD + ROW + SECOND.replace(b";20;", b";2\r0;"),
        "f.CSV, line 11: expected 19 fields; found a carriage return inside the row.",
    ),
    "a word for a number": (
        HEAD + ROW + SECOND.replace(b";20;", b";quente;"),
        "f.CSV, line 11: expected a number for temperature_c; found 'quente'.",
    ),
    "infinite": (
        HEAD + ROW + SECOND.replace(b";20;", b";inf;"),
        "f.CSV, line 11: expected a number for temperature_c; found 'inf'.",
    ),
    "thousands separator": (
        HEAD + ROW + SECOND.replace(b"884,1", b"1.013,5"),
        "f.CSV, line 11: expected a number for pressure_hpa; found '1.013,5'.",
    ),
    "thousands separator in quotes": (
        b"\n".join([FLAT, FLAT_ROW, FLAT_ROW.replace(b"884.1", b'"1,013.5"'), b""]),
        "f.CSV, line 3: expected a number for pressure_hpa; found '1,013.5'.",
    ),
    "too large for a number": (
        HEAD + ROW + SECOND.replace(b";20;", b";1e999;"),
        "f.CSV, line 11: expected a number for temperature_c; found '1e999'.",
    ),
    "decimal point": (
        HEAD + ROW + SECOND.replace(b"884,1", b"884.1"),
        "f.CSV, line 11: expected a number for pressure_hpa; found '884.1'.",
    ),
    "30 February": (
        HEAD + ROW + SECOND.replace(b"2020/01/01", b"2020/02/30"),
        "f.CSV, line 11: expected a date such as 2020-01-31; found '2020/02/30'.",
    ),
    "hour 24": (
        HEAD + ROW + SECOND.replace(b"0100 UTC", b"2400 UTC"),
        "f.CSV, line 11: expected a full hour from 0000 to 2300; found '2400 UTC'.",
    ),
    "half an hour": (
        HEAD + ROW + SECOND.replace(b"0100 UTC", b"0030 UTC"),
        "f.CSV, line 11: expected a full hour from 0000 to 2300; found '0030 UTC'.",
    ),
    "no date": (
        HEAD + ROW + SECOND.replace(b"2020/01/01", b""),
        "f.CSV, line 11: expected a date such as 2020-01-31; found nothing.",
    ),
    "header only": (HEAD, "f.CSV, line 9: expected rows after the header; found none."),
    "no metadata and no station": (
        HEAD.split(b"\n")[8] + b"\n" + ROW,
        "f.CSV: expected a station: in the metadata block, in the file's name, or from the "
        "uploader; found none. Name it: station_id on upload, --station on the command line.",
    ),
    "unknown form of station": (
        GOOD.replace(b";A001", b";83377"),
        "f.CSV, line 4: expected a station code such as A001; found '83377'. Hours of "
        "conventional stations are not taken; BDMEP's days and months are.",
    ),
    "latitude in words": (
        GOOD.replace(b"LATITUDE:;-15,5", b"LATITUDE:;sul"),
        "f.CSV, line 5: expected a number; found 'sul'.",
    ),
    "latitude not a number": (
        GOOD.replace(b"LATITUDE:;-15,5", b"LATITUDE:;nan"),
        "f.CSV, line 5: expected a number; found 'nan'.",
    ),
    "founded on no date": (
        GOOD.replace(b";07/05/00", b";07/13/00"),
        "f.CSV, line 8: expected a date such as 2000-05-07 or 07/05/00; found '07/13/00'.",
    ),
    "a row without its station": (
        b"\n".join([FLAT + b",CODIGO", FLAT_ROW + b",A001", FLAT_ROW + b",", b""]),
        "f.CSV, line 3: expected a station's code in each row, as in the others; found none.",
    ),
    "another station in the rows than the uploader says": (
        b"CODIGO (WMO):;A001\n"
        + b"\n".join([FLAT + b",CODIGO", FLAT_ROW + b",A001", FLAT_ROW + b",A002", b""]),
        "f.CSV, line 4: expected one station, A001 as in the metadata block; "
        "found another, 'A002'.",
    ),
    "another station in the rows than in the metadata": (
        b"CODIGO (WMO):;A002\n" + b"\n".join([FLAT + b",CODIGO", FLAT_ROW + b",A001", b""]),
        "f.CSV: expected one station a file, A002 as in the metadata block; "
        "found station A001 in the rows.",
    ),
    "no variable": (
        b"Data;Hora;Umidade do solo;Temperatura media\n2020-01-01;0000;1;2\n",
        "f.CSV, line 1: expected a file of INMET with a header line that begins with Data and "
        "Hora; found 'Data;Hora;Umidade do solo;Temperatura media', where no column is "
        "known as a variable of the hour.",
    ),
    "daily values that are not BDMEP's": (
        b"Nome: X\nCodigo Estacao: A001\n\nData;Chuva diaria;Temp. media diaria\n2000-05-06;1;20\n",
        "f.CSV, line 4: expected hourly observations, or daily or monthly values in BDMEP's "
        "columns; found values without an hour in other columns. docs/reference/forms.md has "
        "BDMEP's names of days and months.",
    ),
    "a catalogue without dates": (
        b"DC_NOME;SG_ESTADO;VL_LATITUDE;VL_LONGITUDE;CD_ESTACAO\nX;BA;-17;-38;A422\n",
        "f.CSV, line 2: expected a station of INMET's catalogue (DC_NOME;SG_ESTADO;…;CD_ESTACAO); "
        "found no column DT_INICIO_OPERACAO.",
    ),
}


@pytest.mark.parametrize(("data", "sentence"), CASES.values(), ids=CASES)
def test_a_bad_file_gets_its_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_observations(data, file="f.CSV")
    assert str(refusal.value) == sentence


def test_a_station_that_contradicts_the_uploader_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="expected station A002, as the uploader says"):
        read_observations(GOOD, file="f.CSV", station_id="a002")


@pytest.mark.parametrize(
    "data",
    [
        GOOD + small_portal_file("A002", hours=2),
        b"\n".join([FLAT + b",CODIGO", FLAT_ROW + b",A001", FLAT_ROW + b",A002", b""]),
    ],
)
def test_who_asks_for_one_station_is_told_of_two(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="expected one station; found 2: A001, A002"):
        read_observations(data, file="f.CSV")
    assert len(read_stations(data, file="f.CSV")) == 2


def test_a_station_id_that_is_none_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="expected a station_id such as A001; found 'Brasil"):
        read_observations(GOOD, file="f.CSV", station_id="Brasilia")


@given(
    at=st.integers(0, len(GOOD)),
    cut=st.sampled_from([0, 1, 3, 40]),
    put=st.one_of(
        st.binary(max_size=3),
        st.sampled_from(
            [b";", b",", b"\n", b"\r", b'"', b"null", b"nan", b"\xef\xbb\xbf", b"Data;"]
        ),
    ),
)
def test_a_damaged_file_is_read_or_refused_and_never_breaks_the_reader(
    at: int, cut: int, put: bytes
) -> None:
    data = GOOD[:at] + put + GOOD[at + cut :]
    try:
        reading = read_observations(data, file="f.CSV")
    except UnreadableFile as refusal:
        assert str(refusal).startswith("f.CSV")  # noqa: PT017 - reading it is as good
    else:
        reading.table.validate(full=True)
