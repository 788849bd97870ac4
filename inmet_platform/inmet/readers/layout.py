"""The form of a file: where its header line is, how it separates, which column holds what.

portal        metadata `LABEL:;value` x 8, header, `date;hour;17 values;`
bdmep_hourly  metadata `Label: value` x 9, empty line, `Data Medicao;Hora Medicao;…;`
react_csv     `"Data";"Hora (UTC)";"Temp. Ins. (C)";…`, no station in the file
flattened     `Data,Hora UTC,…` with decimal points, no station in the file
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from functools import cached_property, lru_cache

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.text import HEAD_BYTES, detect_encoding, fold, quoted
from inmet_platform.inmet.schema import VARIABLE_NAMES

HOURLY_FORMATS = ("portal", "bdmep_hourly", "react_csv", "flattened")
# Formats of INMET without hourly observations.
OTHER_FORMATS = {"bdmep_daily": "daily values of BDMEP", "catalogue": "a catalogue of stations"}

DATE_COLUMN = 0
# The header must be among the first lines; in a file of BDMEP it is the eleventh.
_HEADER_WITHIN = 20
# The widest file of BDMEP has 22 columns; a file with hundreds is something else.
_MOST_COLUMNS = 100

_STATION_COLUMN = re.compile(
    r"(codigo|cod|cd|id)( da)? estacao|codigo( wmo)?|estacao|station( id)?|wmo"
)

_MAX, _MIN = re.compile(r"\bma?x"), re.compile(r"\bmi?n")

# Patterns of folded column names, the first that matches decides; `{0}` stands for _max or _min.
_QUANTITIES = (
    (re.compile(r"precip|chuva"), "precipitation_mm"),
    (re.compile(r"reduzida|\bmar\b"), None),
    (re.compile(r"press"), "pressure{0}_hpa"),
    (re.compile(r"radia"), "radiation{0}_kj_m2"),
    (re.compile(r"orvalho"), "dew_point{0}_c"),
    (re.compile(r"umi"), "humidity{0}_pct"),
    (re.compile(r"\bvento.*\bdire?|\bdir"), "wind_direction_deg"),
    (re.compile(r"\braj"), "wind_gust_ms"),
    (re.compile(r"\bvento.*\bvel|\bvel"), "wind_speed_ms"),
    (re.compile(r"cpu|tensao|bateria"), None),
    (re.compile(r"\btemp"), "temperature{0}_c"),
)


@dataclass(frozen=True)
class Layout:
    """Where things are in a file; columns are counted from 0, the date is in column 0."""

    encoding: str
    delimiter: str
    header_line: int
    data_offset: int
    metadata: list[str]
    columns: list[str]

    @cached_property
    def format(self) -> str:
        """One of `HOURLY_FORMATS` or `OTHER_FORMATS`."""
        if _is_catalogue(self._folded):
            return "catalogue"
        if self.hour_column is None:
            return "bdmep_daily"
        if self._folded[0].startswith("data medicao"):
            return "bdmep_hourly"
        if any(name.startswith("temp ins") for name in self._folded):
            return "react_csv"
        return "portal" if self.delimiter == ";" else "flattened"

    @property
    def vintage(self) -> str | None:
        """Which years wrote a portal file in this form; None for others and for cut metadata."""
        if self.format != "portal" or not self.metadata:
            return None
        labels = " ".join(self.metadata).upper()
        if "REGI?O:" in labels:
            return "2019"
        return "2020-" if "REGIAO:" in labels else "2000-2018"

    @cached_property
    def hour_column(self) -> int | None:
        """The column of the hour."""
        return next((i for i, name in enumerate(self._folded) if name.startswith("hora")), None)

    @cached_property
    def station_column(self) -> int | None:
        """The column of the station's code."""
        codes = (i for i, name in enumerate(self._folded) if _STATION_COLUMN.fullmatch(name))
        return next(codes, None)

    @cached_property
    def keys(self) -> list[int]:
        """The columns of date, hour and station, those that there are."""
        columns = (DATE_COLUMN, self.hour_column, self.station_column)
        return [column for column in columns if column is not None]

    @cached_property
    def variables(self) -> dict[str, int]:
        """The first column of each variable."""
        found: dict[str, int] = {}
        for index, name in enumerate(self._folded):
            variable = _variable(name)
            if variable in VARIABLE_NAMES and index not in self.keys:
                found.setdefault(variable, index)
        return found

    @property
    def ignored(self) -> list[str]:
        """The columns that hold nothing of the schema."""
        used = {*self.keys, *self.variables.values()}
        return [self.columns[i] for i, name in enumerate(self._folded) if name and i not in used]

    @cached_property
    def width(self) -> int:
        """How many fields a row has, up to the last column with a name."""
        return max(i for i, name in enumerate(self.columns) if name.strip(" ;,")) + 1

    @property
    def ends_in_separator(self) -> bool:
        """Whether the header, and so each row, has a separator after the last field."""
        return len(self.columns) > self.width

    @cached_property
    def _folded(self) -> list[str]:
        return [fold(name) for name in self.columns]


def detect_layout(data: bytes, place: Place) -> Layout:
    """Recognise the form of a text.

    Raises:
        UnreadableFile: none of the first lines is a header of INMET.
    """
    encoding = detect_encoding(data)
    text_encoding = "latin-1" if encoding == "latin-1" else "utf-8"
    body = data.removeprefix(BOM_UTF8)
    offset = len(data) - len(body)
    metadata: list[str] = []
    head = body[: HEAD_BYTES * 4].split(b"\n", _HEADER_WITHIN)
    for number, line in enumerate(head[:_HEADER_WITHIN], start=1):
        text = line.decode(text_encoding, errors="replace").rstrip("\r")
        offset += len(line) + 1
        delimiter = ";" if text.count(";") >= 2 else ","
        columns = next(csv.reader([text.replace("\r", " ")], delimiter=delimiter), [])
        if _is_header(columns):
            start = min(offset, len(data))
            return Layout(encoding, delimiter, number, start, metadata, columns)
        metadata.append(text)
    raise UnreadableFile(
        place.at(1),
        expected="a file of INMET with a header line that begins with Data and Hora",
        found=quoted(metadata[0]),
    )


def _is_header(columns: list[str]) -> bool:
    if not 3 <= len(columns) <= _MOST_COLUMNS:
        return False
    folded = [fold(name) for name in columns]
    # A metadata line `DATA DE FUNDACAO:;…` begins with Data too, but ends in a colon.
    begins_with_date = folded[0].startswith("data") and not columns[0].rstrip().endswith(":")
    return _is_catalogue(folded) or (begins_with_date and any(map(_variable, folded)))


def _is_catalogue(folded: list[str]) -> bool:
    return "cd estacao" in folded and "vl latitude" in folded


@lru_cache(1_000)
def _variable(folded: str) -> str | None:
    name = next((name for pattern, name in _QUANTITIES if pattern.search(folded)), None)
    extreme = "_max" if _MAX.search(folded) else "_min" if _MIN.search(folded) else ""
    return name and name.format(extreme)
