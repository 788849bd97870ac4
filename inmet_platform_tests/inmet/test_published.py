"""Daily and monthly values of BDMEP, of automatic and conventional stations, and catalogues."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.published import PUBLISHED_SCHEMA
from inmet_platform.inmet.readers import Reading, read_stations
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA
from inmet_platform_tests.needs import SHARED, needs_inmet_files

RECEIVED = datetime(2024, 6, 1)  # noqa: DTZ001 - UTC
BLOCK = (
    "Nome: CAMPOS\nCodigo Estacao: {code}\nLatitude: -21.75\nLongitude: -41.33\nAltitude: 11.2\n"
    "Situacao: Operante\nData Inicial: 2020-01-01\nData Final: 2020-12-31\n"
    "Periodicidade da Medicao: {periodicity}\n\n"
)
MONTHS = (
    "Data Medicao;NUMERO DE DIAS COM PRECIP. PLUV, MENSAL(número);PRECIPITACAO TOTAL, MENSAL(mm);"
    "TEMPERATURA MEDIA COMPENSADA, MENSAL(°C);VENTO, VELOCIDADE MAXIMA MENSAL(m/s);\n"
    "2020-01-31;12;201,4;26,9;null;\n2020-02-29;9;88,0;27,1;8,2;\n"
)
DAYS = (
    "Data Medicao;INSOLACAO TOTAL, DIARIO(h);PRECIPITACAO TOTAL, DIARIO(mm);"
    "TEMPERATURA MEDIA COMPENSADA, DIARIA(°C);\n"
    "2020-01-01;7.2;0;26.1;\n2020-01-02;null;14.6;25.3;\n2020-01-03;0;null;24.0;\n"
)


def bdmep(rows: str, code: str = "83698", periodicity: str = "Diaria") -> bytes:
    return (BLOCK.format(code=code, periodicity=periodicity) + rows).encode()


def read(data: bytes, name: str = "dados.csv", **sent: Any) -> Reading:
    [reading] = read_stations(data, file=name, received_at=RECEIVED, **sent)
    return reading


def values(reading: Reading) -> dict[tuple[str, date], float | None]:
    assert reading.table.schema == PUBLISHED_SCHEMA
    return {(row["variable"], row["day"]): row["value"] for row in reading.table.to_pylist()}


def test_days_of_a_conventional_station_are_read() -> None:
    reading = read(bdmep(DAYS))
    assert reading.report.format == "bdmep_daily"
    assert reading.report.station_id == "83698"
    assert (reading.report.rows, reading.report.observations) == (3, 3)
    found = values(reading)
    assert found["sunshine_h", date(2020, 1, 1)] == 7.2
    assert found["sunshine_h", date(2020, 1, 2)] is None
    assert found["temperature_mean_c", date(2020, 1, 3)] == 24.0
    assert set(reading.table["line_number"].to_pylist()) == {12, 13, 14}


def test_months_are_read_with_a_decimal_comma() -> None:
    reading = read(bdmep(MONTHS, periodicity="Mensal"))
    assert reading.report.format == "bdmep_monthly"
    assert set(reading.table["periodicity"].to_pylist()) == {"monthly"}
    found = values(reading)
    assert found["precipitation_mm", date(2020, 1, 31)] == 201.4
    assert found["precipitation_days", date(2020, 2, 29)] == 9
    assert found["wind_speed_max_ms", date(2020, 1, 31)] is None


@pytest.mark.parametrize(
    ("name", "sent", "source"),
    [
        ("dados_83698_D_2020-01-01_2020-12-31.csv", {}, "name"),
        ("dados.csv", {"station_id": "83698"}, "uploader"),
    ],
)
def test_days_without_a_block_take_their_station_from_elsewhere(
    name: str, sent: dict[str, str], source: str
) -> None:
    report = read(DAYS.encode(), name, **sent).report
    assert (report.station_id, report.station_source) == ("83698", source)


def test_a_value_that_cannot_be_is_told() -> None:
    rows = "".join(f"2020-01-{day:02};{400 if day == 9 else 1}.0;0;25;\n" for day in range(1, 31))
    [told] = read(bdmep(DAYS.partition("\n")[0] + "\n" + rows)).report.repairs
    assert told == "1 value(s) of sunshine_h outside 0 to 24"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (("DIARIO(mm)", "DIARIO(cm)"), "expected precipitation_mm in mm, the unit of BDMEP"),
        (("2020-01-03", "2020-01-02"), "line 14: expected each day or month once, in their order"),
        (("2020-01-03", "2020-30-01"), "line 14: expected a date such as 2020-01-31"),
        (("2020-01-03", "2204-01-03"), "line 14: expected a day from 1900-01-01 until the file"),
        ((";26.1;", ";266;"), "line 12: expected temperature_mean_c between -60 and 60; found 266"),
        ((";26.1;", ";warm;"), "line 12: expected a number for temperature_mean_c; found 'warm'"),
        (("DIARIO(h)", "DIARIO(cm)"), "expected sunshine_h in h, the unit of BDMEP"),
        (("83698", "8369"), "expected a station code such as A001; found '8369'"),
    ],
)
def test_days_that_are_not_as_bdmep_writes_them_are_refused(
    changes: tuple[str, str], sentence: str
) -> None:
    data = bdmep(DAYS).decode().replace(*changes).encode()
    with pytest.raises(UnreadableFile) as refusal:
        read(data)
    assert sentence in str(refusal.value)


MONTH_FIRST = ["01/02/2020", "01/03/2020", "01/04/2020"]


def test_days_that_may_be_months_are_refused() -> None:
    head = DAYS.partition("\n")[0]
    rows = "".join(f"{day};1;0;25;\n" for day in MONTH_FIRST)
    with pytest.raises(UnreadableFile, match="dates whose day and month can be told apart"):
        read(bdmep(f"{head}\n{rows}"))


def test_days_with_a_midnight_are_days() -> None:
    head, *rows = DAYS.splitlines()
    with_midnight = [f"{row[:10]} 00:00:00{row[10:]}" for row in rows]
    reading = read(bdmep("\n".join([head, *with_midnight]) + "\n"))
    assert values(reading) == values(read(bdmep(DAYS)))


def test_a_month_is_dated_by_its_last_day() -> None:
    data = bdmep(MONTHS.replace("2020-01-31", "2020-01-01"), periodicity="Mensal")
    with pytest.raises(UnreadableFile, match="line 12: expected the last day of a month"):
        read(data)


def test_a_unit_that_lost_its_accent_is_known() -> None:
    reading = read(bdmep(MONTHS.replace("número", "nmero"), periodicity="Mensal"))
    assert "precipitation_days" in reading.report.values


def test_a_file_of_hours_and_days_is_refused() -> None:
    hours = (
        "Nome: BRASILIA\nCodigo Estacao: A001\n\nData Medicao;Hora Medicao;"
        "PRECIPITACAO TOTAL, HORARIO(mm);\n2020-01-01;0000;1.0;\n"
    )
    with pytest.raises(UnreadableFile, match=r"line 16: .*found a table of another kind"):
        read(hours.encode() + bdmep(DAYS))


def test_hours_of_a_sum_of_the_day_are_refused_by_a_sentence() -> None:
    data = b"Data;Hora UTC;PRECIPITACAO DIARIA (mm)\n2020/01/01;0000 UTC;1,2\n"
    with pytest.raises(UnreadableFile, match="expected at least one variable"):
        read(data, "A001.csv")


def test_hours_of_a_conventional_station_are_refused() -> None:
    rows = "Data Medicao;Hora Medicao;TEMPERATURA DO AR - BULBO SECO, HORARIA(°C);\n"
    with pytest.raises(UnreadableFile, match="expected a station code such as A001"):
        read(bdmep(f"{rows}2020-01-01;0000;25.1;\n", periodicity="Horaria"))


CATALOGUES = {
    "page": "DC_NOME;SG_ESTADO;CD_SITUACAO;VL_LATITUDE;VL_LONGITUDE;VL_ALTITUDE;"
    "DT_INICIO_OPERACAO;CD_ESTACAO\nCAMPOS;RJ;Pane;-21,75;-41,33;11,2;31/05/1911;83698\n",
    "api": '[{"CD_ESTACAO": "83698", "DC_NOME": "CAMPOS", "SG_ESTADO": "RJ", "VL_LATITUDE": '
    '"-21.75", "VL_LONGITUDE": "-41.33", "VL_ALTITUDE": "11.2", '
    '"DT_INICIO_OPERACAO": "1911-05-31T21:00:00.000-03:00"}]',
}


@pytest.mark.parametrize("text", CATALOGUES.values(), ids=CATALOGUES)
def test_a_catalogue_says_what_a_station_is_and_no_hour(text: str) -> None:
    reading = read(text.encode())
    assert reading.table.schema == OBSERVATION_SCHEMA
    assert reading.table.num_rows == 0
    assert reading.header
    assert (reading.header.station_id, reading.header.uf) == ("83698", "RJ")
    assert (reading.header.latitude_deg, reading.header.altitude_m) == (-21.75, 11.2)
    assert reading.header.founded_on == date(1911, 6, 1)


@needs_inmet_files
def test_bdmeps_file_of_a001_is_read_to_the_last_value() -> None:
    [path] = (SHARED / "bdmep_daily").iterdir()
    reading = read(path.read_bytes(), path.name)
    assert reading.report.values == {
        "precipitation_mm": 8425,
        "temperature_mean_c": 8447,
        "humidity_mean_pct": 8625,
    }
    assert reading.table.num_rows == 3 * 8787
