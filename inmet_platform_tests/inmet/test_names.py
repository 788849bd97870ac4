"""What a column is by its name: variables by whole words, units, zones."""

from __future__ import annotations

import re

import pytest

from inmet_platform.inmet.readers import read_stations
from inmet_platform.inmet.readers.names import meaning
from inmet_platform.inmet.readers.station import plain_name
from inmet_platform.inmet.readers.units import conversion
from inmet_platform.inmet.readers.zones import zone_of
from inmet_platform_tests.files import small_portal_file

VARIABLES = {
    "PRECIPITAÇÃO TOTAL, HORÁRIO (mm)": "precipitation_mm",
    "PRECIPITA??O TOTAL, HOR?RIO (mm)": "precipitation_mm",
    "PRESSAO ATMOSFERICA AO NIVEL DA ESTACAO, HORARIA (mB)": "pressure_hpa",
    "PRESSÃO ATMOSFERICA MAX.NA HORA ANT. (AUT) (mB)": "pressure_max_hpa",
    "TEMPERATURA DO AR - BULBO SECO, HORARIA (°C)": "temperature_c",
    "TEMPERATURA ORVALHO MIN. NA HORA ANT. (AUT) (°C)": "dew_point_min_c",
    "UMIDADE RELATIVA DO AR, HORARIA (%)": "humidity_pct",
    "VENTO, DIREÇÃO HORARIA (gr) (° (gr))": "wind_direction_deg",
    "VENTO, RAJADA MAXIMA (m/s)": "wind_gust_ms",
    "Pto Orvalho Max. (C)": "dew_point_max_c",
    "Dir. Vento (m/s)": "wind_direction_deg",
    "UMD_INS": "humidity_pct",
    "TEM_MAX": "temperature_max_c",
    "temperatura_orvalho_hora": "dew_point_c",
    "gbrd": "radiation_kj_m2",
    "hmin": "humidity_min_pct",
    "wind_speed_ms": "wind_speed_ms",
    "Chuva": "precipitation_mm",
    "Temperatura (Máx) (°C)": "temperature_max_c",
    "Umidade (Mín) (%)": "humidity_min_pct",
    "Temperatura [°C]": "temperature_c",
}
LOCAL, UNCLEAR = "a local time, which knew summer times until 2019", "a zone that cannot be told"
NO_VARIABLES = (
    *("TEMPERATURA DO AR - BULBO UMIDO, HORARIA(°C)", "TEMPERATURA MEDIA, DIARIA (AUT)(°C)"),
    *("UMIDADE RELATIVA DO AR, MEDIA DIARIA (AUT)(%)", "PRECIPITACAO TOTAL, DIARIO (AUT)(mm)"),
    *("PRESSAO ATMOSFERICA REDUZIDA NIVEL DO MAR, AUT(mB)", "TEMPERATURA DA CPU DA ESTACAO(°C)"),
    *("TENSAO DA BATERIA DA ESTACAO(V)", "TEM_SEN", "Temperatura do solo", "Chuva acumulada 24h"),
    *("Umidade do solo", "Velocidade máxima do vento", "Precipitação máxima", "Temp. aparente"),
    *("Temperatura (Bulbo Úmido) (°C)", "Temp. (solo)", "Temperatura [média] [°C]"),
    *("Pressão (nível do mar) (hPa)", "Chuva (24h) (mm)", "Velocidade do vento (rajada) (m/s)"),
    *("temp_anterior", "Temp. do ponto"),
    *("EVAPORACAO DO PICHE, DIARIA(mm)", "INSOLACAO TOTAL, DIARIO(h)", "Nebulosidade"),
)
CONVERTED = {
    ("VENTO, VELOCIDADE HORARIA (km/h)", 36.0): 10.0,
    ("Vento velocidade (nós)", 10.0): 5.144444,
    ("Temp. Ins. (°F)", 68.0): 20.0,
    ("temperatura (K)", 293.15): 20.0,
    ("Pressao (kPa)", 90.0): 900.0,
    ("Chuva (cm)", 1.5): 15.0,
    ("wind_speed_kmh", 36.0): 10.0,
    ("radiacao_mj_m2", 1.2): 1200.0,
}


@pytest.mark.parametrize(("name", "variable"), VARIABLES.items())
def test_a_name_of_inmet_or_its_users_is_its_variable(name: str, variable: str) -> None:
    known = meaning(name)
    assert known
    assert known.variable == variable


@pytest.mark.parametrize("name", NO_VARIABLES)
def test_what_is_no_value_of_the_hour_is_no_variable(name: str) -> None:
    known = meaning(name)
    assert known is None or known.variable is None


@pytest.mark.parametrize(("named", "value"), CONVERTED.items())
def test_a_value_in_another_unit_is_converted(named: tuple[str, float], value: float) -> None:
    name, written = named
    known = meaning(name)
    assert known
    assert known.variable
    change = conversion(known.variable, known.unit)
    assert change
    assert (written + change.offset) * change.factor == pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize("name", ["Chuva (m)", "Temperatura (graus)", "Umidade (g/kg)", "UR (mm)"])
def test_a_unit_that_is_not_known_is_none(name: str) -> None:
    known = meaning(name)
    assert known
    assert known.variable
    assert conversion(known.variable, known.unit) is None


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Hora UTC", "UTC+0"),
        ("Hora", "UTC+0"),
        ("HORA (UTC)", "UTC+0"),
        ("Hora (UTC-3)", "UTC-3"),
        ("Hora GMT-03:00", "UTC-3"),
        ("Hora (UTC\u22124)", "UTC-4"),
        ("timestamp +05:30", "UTC+5:30"),
        ("Hora Local", LOCAL),
        ("Hora de Brasília", LOCAL),
        ("hora_utc_3", UNCLEAR),
        ("Hora (America/Sao_Paulo)", UNCLEAR),
        ("Hora (Manaus)", UNCLEAR),
        ("Hora UTC menos 3", UNCLEAR),
        ("Hora (UTC-99)", UNCLEAR),
        ("hora_utc", "UTC+0"),
        ("Hora UTC 00", "UTC+0"),
        ("Hora (HH:MM)", "UTC+0"),
        ("DATA (YYYY-MM-DD)", "UTC+0"),
    ],
)
def test_a_zone_in_a_name_is_believed(name: str, zone: str) -> None:
    assert str(zone_of(name)) == zone


SHOWN = {
    "BRASILIA": "BRASILIA",
    "SÃO LUÍS DO PARAITINGA": "SÃO LUÍS DO PARAITINGA",
    "PONTES E LACERDA - 2": "PONTES E LACERDA - 2",
    "=cmd|' /C calc'!A0": "cmd|' /C calc'!A0",
    "@SUM(1+1)": "SUM(1+1)",
    "-2+3": "2+3",
    "\t =1": "1",
    "RIO\rVERDE": "RIO VERDE",
    "RIO\x00\x1b[31mVERDE": "RIO  [31mVERDE",
    "RIO\u202eEDREV": "RIO EDREV",
    "": None,
    "=": None,
}


@pytest.mark.parametrize("written", SHOWN)
def test_a_name_is_shown_printable_and_is_no_formula(written: str) -> None:
    assert plain_name(written) == SHOWN[written]


@pytest.mark.parametrize("name", [b"=cmd|x", b"BRA\rSILIA"])
def test_a_file_whose_stations_name_is_no_name_is_read_with_a_plain_one(name: bytes) -> None:
    data = re.sub(rb"(ESTACAO:;)[^\r\n]*", rb"\1" + name, small_portal_file())
    [found] = read_stations(data, file="a.CSV")
    assert found.report.station_name in {"cmd|x", "BRA SILIA"}
