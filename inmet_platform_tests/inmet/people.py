"""What people make of a file of the portal: each change is one function of a table of texts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import openpyxl

Cells = list[list[str]]

PORTAL_HOURS = "%Y/%m/%d", "%H%M UTC"


@dataclass(frozen=True)
class Table:
    """A portal file taken apart: metadata, names of columns, rows of texts with decimal commas.

    `hours` are UTC; the date and hour of a row are written from them.
    """

    metadata: list[str]
    names: list[str]
    hours: list[datetime]
    values: Cells
    lead: list[str] = field(default_factory=lambda: ["Data", "Hora UTC"])
    times: Callable[[datetime], list[str]] = lambda hour: [
        hour.strftime(form) for form in PORTAL_HOURS
    ]

    @property
    def rows(self) -> Iterator[list[str]]:
        for hour, values in zip(self.hours, self.values, strict=True):
            yield [*self.times(hour), *values]


def taken_apart(data: bytes, hours: int) -> Table:
    """The first hours of a portal file since 2019, without its empty last field."""
    lines = data.decode("latin-1").split("\n")[: 9 + hours]
    rows = [line.split(";")[:19] for line in lines[9:]]
    times = [datetime.strptime(" ".join(row[:2]), "%Y/%m/%d %H%M UTC") for row in rows]  # noqa: DTZ007
    return Table(lines[:8], lines[8].split(";")[2:19], times, [row[2:] for row in rows])


# Names of the 17 variables, in the portal's order.
API = (
    *("CHUVA", "PRE_INS", "PRE_MAX", "PRE_MIN", "RAD_GLO", "TEM_INS", "PTO_INS", "TEM_MAX"),
    *("TEM_MIN", "PTO_MAX", "PTO_MIN", "UMD_MAX", "UMD_MIN", "UMD_INS", "VEN_DIR", "VEN_RAJ"),
    "VEN_VEL",
)
BASEDOSDADOS = (
    *("precipitacao_total", "pressao_atm_hora", "pressao_atm_max", "pressao_atm_min"),
    *("radiacao_global", "temperatura_bulbo_hora", "temperatura_orvalho_hora"),
    *("temperatura_max", "temperatura_min", "temperatura_orvalho_max", "temperatura_orvalho_min"),
    *("umidade_rel_max", "umidade_rel_min", "umidade_rel_hora", "vento_direcao"),
    *("vento_rajada_max", "vento_velocidade"),
)
KAGGLE = (
    *("prcp", "stp", "smax", "smin", "gbrd", "temp", "dewp", "tmax", "tmin", "dmax", "dmin"),
    *("hmax", "hmin", "hmdy", "wdct", "gust", "wdsp"),
)
OURS = (
    *("precipitation_mm", "pressure_hpa", "pressure_max_hpa", "pressure_min_hpa"),
    *("radiation_kj_m2", "temperature_c", "dew_point_c", "temperature_max_c", "temperature_min_c"),
    *("dew_point_max_c", "dew_point_min_c", "humidity_max_pct", "humidity_min_pct"),
    *("humidity_pct", "wind_direction_deg", "wind_gust_ms", "wind_speed_ms"),
)


def named(table: Table, names: tuple[str, ...]) -> Table:
    return replace(table, names=list(names))


def timed(lead: list[str], *forms: str) -> Callable[[Table], Table]:
    """Times in other columns or forms of `strftime`."""
    return lambda table: replace(
        table, lead=lead, times=lambda hour: [hour.strftime(form) for form in forms]
    )


def hours_as(write: Callable[[int], str]) -> Callable[[Table], Table]:
    return lambda table: replace(
        table, times=lambda hour: [hour.strftime("%Y-%m-%d"), write(hour.hour)]
    )


def in_zone(offset_h: int, name: str) -> Callable[[Table], Table]:
    """Local times under a header that says their offset."""
    return lambda table: replace(
        table,
        lead=["Data", name],
        times=lambda hour: [
            (hour + timedelta(hours=offset_h)).strftime(form) for form in ("%d/%m/%Y", "%H:%M")
        ],
    )


def with_points(table: Table) -> Table:
    return replace(table, values=[[it.replace(",", ".") for it in row] for row in table.values])


def missing_as(token: str) -> Callable[[Table], Table]:
    return lambda table: replace(
        table, values=[[it or token for it in row] for row in table.values]
    )


def reordered(table: Table) -> Table:
    return replace(table, names=table.names[::-1], values=[row[::-1] for row in table.values])


def without_metadata(table: Table) -> Table:
    return replace(table, metadata=[])


def indexed(table: Table) -> Table:
    """With the row numbers of pandas or R in a first column without a name."""
    write, numbers = table.times, {hour: str(n) for n, hour in enumerate(table.hours)}
    return replace(
        table,
        metadata=[],
        lead=["", *table.lead],
        times=lambda hour: [numbers[hour], *write(hour)],
    )


def coded(table: Table) -> Table:
    """With a column of the station's code, and one of its name."""
    return replace(
        table,
        metadata=[],
        names=[*table.names, "station", "station_code"],
        values=[[*row, "BRASILIA", "A001"] for row in table.values],
    )


def as_text(table: Table, delimiter: str = ";", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\n")
    writer.writerows(line.split(";") for line in table.metadata)
    writer.writerow([*table.lead, *table.names])
    writer.writerows(table.rows)
    return text.getvalue()


def as_json(table: Table) -> bytes:
    names = [*table.lead, *table.names]
    records = [dict(zip(names, [it or None for it in row], strict=True)) for row in table.rows]
    return json.dumps(records).encode()


def as_workbook(table: Table) -> bytes:
    """As Excel keeps it: numbers as numbers, dates as dates."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for line in table.metadata:
        sheet.append(line.split(";"))
    sheet.append([*table.lead, *table.names])
    for hour, values in zip(table.hours, table.values, strict=True):
        numbers = [float(it.replace(",", ".")) if it else None for it in values]
        sheet.append([hour.date(), hour.time(), *numbers])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
