"""The form of a file: where its header line is, how it separates, which column holds what.

portal        metadata `LABEL:;value` x 8, header, `date;hour;17 values;`
bdmep_hourly  metadata `Label: value` x 9, empty line, `Data Medicao;Hora Medicao;…;`
react_csv     `"Data";"Hora (UTC)";"Temp. Ins. (C)";…`, no station in the file
flattened     `Data,Hora UTC,…` with decimal points, no station in the file
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.text import HEAD_BYTES, encoding_of, fold, shown, without_bom
from inmet_platform.inmet.schema import VARIABLE_NAMES

HOURLY_FORMATS = ("portal", "bdmep_hourly", "react_csv", "flattened")

# A header is looked for in so many lines: BDMEP's is the eleventh.
_HEADER_WITHIN = 20
# BDMEP's widest has 22 columns; what has hundreds is something else.
_MOST_COLUMNS = 100

_STATION_COLUMN = re.compile(
    r"(codigo|cod|cd|id)( da)? estacao|codigo( wmo)?|estacao|station( id)?|wmo"
)

_MAX, _MIN = re.compile(r"\bma?x"), re.compile(r"\bmi?n")

# Folded column names: which quantity, by the words that every door of INMET uses for it.
_QUANTITIES = (
    (re.compile(r"precip|chuva"), "precipitation", "mm"),
    (re.compile(r"reduzida|\bmar\b"), None, ""),
    (re.compile(r"press"), "pressure", "hpa"),
    (re.compile(r"radia"), "radiation", "kj_m2"),
    (re.compile(r"orvalho"), "dew_point", "c"),
    (re.compile(r"umi"), "humidity", "pct"),
    (re.compile(r"\bvento.*\bdire?|\bdir"), "wind_direction", "deg"),
    (re.compile(r"\braj"), "wind_gust", "ms"),
    (re.compile(r"\bvento.*\bvel|\bvel"), "wind_speed", "ms"),
    (re.compile(r"cpu|tensao|bateria"), None, ""),
    (re.compile(r"\btemp"), "temperature", "c"),
)


@dataclass(frozen=True)
class Layout:
    """Where things are in a file; columns are counted from 0."""

    format: str
    encoding: str
    delimiter: str
    header_line: int
    data_offset: int
    metadata: list[str]
    columns: list[str]
    date_column: int
    hour_column: int | None
    station_column: int | None
    variables: dict[str, int]
    ignored: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many fields a row has, without what stands after the last named column."""
        return max(i for i, name in enumerate(self.columns) if name.strip(" ;,")) + 1

    @property
    def ends_in_separator(self) -> bool:
        """Whether the header, and so each row, has a separator after the last field."""
        return len(self.columns) > self.width


def layout_of(data: bytes, place: Place) -> Layout:
    """Recognise the form of a text.

    Raises:
        UnreadableFile: no line of the beginning is a header of INMET.
    """
    encoding = encoding_of(data)
    text_encoding = "latin-1" if encoding == "latin-1" else "utf-8"
    body = without_bom(data)
    offset = len(data) - len(body)
    metadata: list[str] = []
    head = body[: HEAD_BYTES * 4].split(b"\n", _HEADER_WITHIN)
    for number, line in enumerate(head[:_HEADER_WITHIN], start=1):
        text = line.decode(text_encoding, errors="replace").rstrip("\r")
        offset += len(line) + 1
        columns = _header_columns(text)
        if columns:
            return _describe(columns, text, encoding, number, min(offset, len(data)), metadata)
        metadata.append(text)
    raise UnreadableFile(
        Place(place.file, place.member, 1),
        expected="a file of INMET with a header line that begins with Data and Hora",
        found=shown(metadata[0]),
    )


def _delimiter(line: str) -> str:
    return ";" if line.count(";") >= 2 else ","


def _header_columns(line: str) -> list[str] | None:
    columns = next(csv.reader([line.replace("\r", " ")], delimiter=_delimiter(line)), [])
    if not 3 <= len(columns) <= _MOST_COLUMNS:
        return None
    folded = [fold(name) for name in columns]
    is_catalogue = "cd estacao" in folded and "vl latitude" in folded
    # A metadata line `DATA DE FUNDACAO:;…` begins with Data too, and ends in a colon.
    is_rows = folded[0].startswith("data") and not columns[0].rstrip().endswith(":")
    return columns if is_catalogue or (is_rows and any(map(_variable, folded))) else None


@lru_cache(1_000)
def _variable(folded: str) -> str | None:
    for pattern, quantity, unit in _QUANTITIES:
        if pattern.search(folded):
            if quantity is None:
                return None
            extreme = "_max" if _MAX.search(folded) else "_min" if _MIN.search(folded) else ""
            if quantity in {"wind_gust", "wind_speed", "wind_direction", "precipitation"}:
                extreme = ""
            return f"{quantity}{extreme}_{unit}"
    return None


def _describe(
    columns: list[str], line: str, encoding: str, number: int, offset: int, metadata: list[str]
) -> Layout:
    folded = [fold(name) for name in columns]
    variables: dict[str, int] = {}
    ignored = []
    hour = next((i for i, name in enumerate(folded) if name.startswith("hora")), None)
    station = next((i for i, name in enumerate(folded) if _names_station(name)), None)
    for index, name in enumerate(folded):
        variable = None if index in {0, hour, station} else _variable(name)
        if variable in VARIABLE_NAMES and variable not in variables:
            variables[variable] = index
        elif name and index not in {0, hour, station}:
            ignored.append(columns[index])
    delimiter = _delimiter(line)
    return Layout(
        format=_format(folded, delimiter, hour),
        encoding=encoding,
        delimiter=delimiter,
        header_line=number,
        data_offset=offset,
        metadata=metadata,
        columns=columns,
        date_column=0,
        hour_column=hour,
        station_column=station,
        variables=variables,
        ignored=tuple(ignored),
    )


def _names_station(folded: str) -> bool:
    return _STATION_COLUMN.fullmatch(folded) is not None


def _format(folded: list[str], delimiter: str, hour: int | None) -> str:
    if "cd estacao" in folded and "vl latitude" in folded:
        return "catalogue"
    if hour is None:
        return "bdmep_daily"
    if folded[0].startswith("data medicao"):
        return "bdmep_hourly"
    if any(name.startswith("temp ins") for name in folded):
        return "react_csv"
    return "portal" if delimiter == ";" else "flattened"


def vintage_of(layout: Layout) -> str | None:
    """Which years wrote a portal file in this form; None for other formats and cut metadata."""
    if layout.format != "portal" or not layout.metadata:
        return None
    labels = " ".join(layout.metadata).upper()
    if "REGI?O:" in labels:
        return "2019"
    return "2020-" if "REGIAO:" in labels else "2000-2018"
