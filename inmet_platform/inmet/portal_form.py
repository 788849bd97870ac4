"""How the portal writes a station-year, in its three vintages: the inverse of the reader.

Latin-1, LF, `;`, decimal comma, no zero before the comma (`,8`), 8 metadata lines, the header on
line 9, 19 columns and one that is always empty. A missing value is `-9999` until 2018, empty since.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inmet_platform.inmet.readers.station import StationHeader
from inmet_platform.inmet.schema import VARIABLE_NAMES

Vintage = Literal["2000-2018", "2019", "2020-"]

_COLUMNS = (
    "PRECIPITAÇÃO TOTAL, HORÁRIO (mm);"
    "PRESSAO ATMOSFERICA AO NIVEL DA ESTACAO, HORARIA (mB);"
    "PRESSÃO ATMOSFERICA MAX.NA HORA ANT. (AUT) (mB);"
    "PRESSÃO ATMOSFERICA MIN. NA HORA ANT. (AUT) (mB);"
    "RADIACAO GLOBAL ({kilojoule}/m²);"
    "TEMPERATURA DO AR - BULBO SECO, HORARIA (°C);"
    "TEMPERATURA DO PONTO DE ORVALHO (°C);"
    "TEMPERATURA MÁXIMA NA HORA ANT. (AUT) (°C);"
    "TEMPERATURA MÍNIMA NA HORA ANT. (AUT) (°C);"
    "TEMPERATURA ORVALHO MAX. NA HORA ANT. (AUT) (°C);"
    "TEMPERATURA ORVALHO MIN. NA HORA ANT. (AUT) (°C);"
    "UMIDADE REL. MAX. NA HORA ANT. (AUT) (%);"
    "UMIDADE REL. MIN. NA HORA ANT. (AUT) (%);"
    "UMIDADE RELATIVA DO AR, HORARIA (%);"
    "VENTO, DIREÇÃO HORARIA (gr) (° (gr));"
    "VENTO, RAJADA MAXIMA (m/s);"
    "VENTO, VELOCIDADE HORARIA (m/s);"
)


class _Form(NamedTuple):
    region: str
    station: str
    founded: str
    date_format: str
    first_columns: str
    kilojoule: str
    time_format: str
    missing: str


_FORMS: dict[Vintage, _Form] = {
    "2000-2018": _Form(
        *("REGIÃO", "ESTAÇÃO", "DATA DE FUNDAÇÃO (YYYY-MM-DD)", "%Y-%m-%d"),
        *("DATA (YYYY-MM-DD);HORA (UTC);", "KJ", "%Y-%m-%d;%H:%M", "-9999"),
    ),
    "2019": _Form(
        *("REGI?O", "ESTAC?O", "DATA DE FUNDAC?O", "%d/%m/%y"),
        *("Data;Hora UTC;", "KJ", "%Y/%m/%d;%H%M UTC", ""),
    ),
    "2020-": _Form(
        *("REGIAO", "ESTACAO", "DATA DE FUNDACAO", "%d/%m/%y"),
        *("Data;Hora UTC;", "Kj", "%Y/%m/%d;%H%M UTC", ""),
    ),
}


def vintage_of_year(year: int) -> Vintage:
    """The form that the portal used for a year."""
    if year <= 2018:
        return "2000-2018"
    return "2019" if year == 2019 else "2020-"


def portal_name(station: StationHeader, first: date, last: date) -> str:
    """The name that the portal gives the file."""
    return (
        f"INMET_{station.region}_{station.uf}_{station.station_id}_{station.name}_"
        f"{first:%d-%m-%Y}_A_{last:%d-%m-%Y}.CSV"
    )


def portal_file(
    station: StationHeader,
    hours: NDArray[np.datetime64],
    values: dict[str, NDArray[np.float64]],
    vintage: Vintage,
) -> bytes:
    """Render a station-year.

    Args:
        station: the metadata block; all of it must be known.
        hours: the ends of the hours, UTC, shape (n,).
        values: each variable of the schema, shape (n,), at most 2 decimals, NaN when missing.
        vintage: which form to write.
    """
    form = _FORMS[vintage]
    head = [
        f"{form.region}:;{station.region}",
        f"UF:;{station.uf}",
        f"{form.station}:;{station.name}",
        f"CODIGO (WMO):;{station.station_id}",
        f"LATITUDE:;{_number(station.latitude_deg)}",
        f"LONGITUDE:;{_number(station.longitude_deg)}",
        f"ALTITUDE:;{_number(station.altitude_m)}",
        f"{form.founded}:;{station.founded_on:{form.date_format}}",
        form.first_columns + _COLUMNS.format(kilojoule=form.kilojoule),
    ]
    times = [hour.strftime(form.time_format) for hour in hours.astype("datetime64[s]").tolist()]
    cells = [_cells(values[name], form.missing) for name in VARIABLE_NAMES]
    rows = [";".join(row) + ";" for row in zip(times, *cells, strict=True)]
    return ("\n".join([*head, *rows]) + "\n").encode("latin-1")


def _number(value: float | None) -> str:
    if not value:
        return "0"
    text = np.format_float_positional(value, trim="-")
    return text.replace("-0.", "-.").removeprefix("0").replace(".", ",")


def _cells(values: NDArray[np.float64], missing: str) -> list[str]:
    # A variable has few distinct values: each is formatted once.
    distinct, index = np.unique(values, return_inverse=True)
    texts = [missing if np.isnan(value) else _number(float(value)) for value in distinct]
    return [texts[position] for position in index]
