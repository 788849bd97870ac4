"""The form of a file: where its header line is, how it separates, which column holds what.

portal        metadata `LABEL:;value` x 8, header, `date;hour;17 values;`
bdmep_hourly  metadata `Label: value` x 9, empty line, `Data Medicao;Hora Medicao;…;`
react_csv     `"Data";"Hora (UTC)";"Temp. Ins. (C)";…`, no station in the file
api           records of INMET's API: `CD_ESTACAO`, `DT_MEDICAO`, `HR_MEDICAO`, `TEM_INS`, …
bdmep_daily   as bdmep_hourly, without hours; bdmep_monthly of the last day of each month
catalogue     INMET's stations: `DC_NOME;SG_ESTADO;…;VL_LATITUDE;…;CD_ESTACAO`
flattened     any other table, with commas: `Data,Hora UTC,…`

What a column is, `names.py` says; its order does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from inmet_platform.inmet.readers.names import Meaning, Role, meaning
from inmet_platform.inmet.readers.text import fold
from inmet_platform.inmet.readers.time_texts import timestamp
from inmet_platform.inmet.readers.units import Unit
from inmet_platform.inmet.readers.zones import CONTRADICTED, Zone, zone_in_text, zone_of
from inmet_platform.inmet.schema import STATION_ID_PATTERN

HOURLY_FORMATS = ("portal", "bdmep_hourly", "react_csv", "api", "flattened")


_CODE = re.compile(STATION_ID_PATTERN)
# In the folded name of a column: its values are of days or of months.
OF_DAYS = re.compile(r"\b(diari[ao]|daily|mensal|mensais)\b")


@dataclass(frozen=True)
class Layout:
    """Where things are in a file; columns are counted from 0."""

    encoding: str
    delimiter: str
    header_line: int
    data_offset: int
    metadata: list[str]
    columns: list[str]
    first_row: list[str]

    @property
    def first_line(self) -> int:
        """The number of the first line of the metadata, or of the header."""
        return self.header_line - len(self.metadata)

    @cached_property
    def format(self) -> str:
        """One of `HOURLY_FORMATS`, of `PUBLISHED_FORMATS`, or `catalogue`."""
        if is_catalogue(self._folded):
            return "catalogue"
        if not self.has_hours:
            is_monthly = any("mensal" in name for name in self._folded)
            return "bdmep_monthly" if is_monthly else "bdmep_daily"
        if "dt medicao" in self._folded:
            return "api"
        if "data medicao" in self._folded:
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

    @property
    def has_hours(self) -> bool:
        """Whether the file says which hour a row is of."""
        return self.timestamp_column is not None or self.hour_column is not None

    @cached_property
    def timestamp_column(self) -> int | None:
        """The column that holds date and hour, when no column holds the hour alone."""
        if self.date_columns and self.hour_column is not None:
            return None
        found = self._of("timestamp")
        if not found and self.hour_column is None and not self._is_of_days:
            found = [i for i in self.date_columns[:1] if self._holds_hours(i)]
        return self._best(found)

    @cached_property
    def _is_of_days(self) -> bool:
        """Whether the columns are of days or months, whose dates programs write with a midnight."""
        return not self._of("variable") and any(map(OF_DAYS.search, self._folded))

    def _holds_hours(self, column: int) -> bool:
        cell = self.first_row[column] if column < len(self.first_row) else ""
        return timestamp(cell.strip()) is not None and ":" in cell

    @cached_property
    def date_columns(self) -> list[int]:
        """The column of the date, or those of year, month and day."""
        if dates := self._of("date"):
            return [min(dates, key=lambda i: zone_of(self.columns[i]).rank)]
        parts = [self._of(role)[:1] for role in ("year", "month", "day")]
        return [index for part in parts for index in part] if all(parts) else []

    @cached_property
    def hour_column(self) -> int | None:
        """The column of the hour: where there are several, the one that is UTC."""
        return self._best(self._of("hour"))

    @property
    def zone(self) -> Zone:
        """The zone that the names of the hour's and the date's columns say."""
        of_hour = zone_of(self.time_column)
        if not of_hour.is_said and (of_file := zone_in_text(self.metadata)):
            return of_file
        if self.timestamp_column is not None:
            return of_hour
        of_date = zone_of(self.columns[self.date_columns[0]])
        if not of_date.is_said or of_date.offset_min == of_hour.offset_min:
            return of_hour
        return CONTRADICTED if of_hour.is_said else of_date

    @cached_property
    def station_column(self) -> int | None:
        """The column of the station's code: of several the one whose first row holds a code."""
        columns = self._of("station")
        cells = {i: self.first_row[i].strip() for i in columns if i < len(self.first_row)}
        coded = [i for i, cell in cells.items() if _CODE.fullmatch(cell.upper())]
        others = [i for i in columns if not _is_name(cells.get(i, ""))]
        return next(iter([*coded, *others]), None)

    @cached_property
    def place_columns(self) -> list[int]:
        """The columns that name a place, which is not a station's code."""
        names = [i for i in self._of("station") if i != self.station_column]
        return [*self._of("place"), *names]

    @cached_property
    def zone_columns(self) -> list[int]:
        """The columns that name the zone of each row."""
        return self._of("zone")

    @cached_property
    def keys(self) -> list[int]:
        """The columns of date, hour, station and place, those that there are."""
        times = [*self.date_columns, self.hour_column]
        if self.timestamp_column is not None:
            times = [self.timestamp_column]
        columns = (*times, self.station_column, *self.place_columns, *self.zone_columns)
        return [column for column in columns if column is not None]

    @cached_property
    def variables(self) -> dict[str, int]:
        """The first column of each variable."""
        found: dict[str, int] = {}
        for index, known in enumerate(self._meanings):
            if known and known.variable:
                found.setdefault(known.variable, index)
        return found

    def unit_of(self, variable: str) -> Unit | None:
        """The unit in the name of a variable's column; None when it has none."""
        known = self._meanings[self.variables[variable]]
        return known.unit if known else None

    @property
    def time_column(self) -> str:
        """The name of the column that says the hour."""
        column = self.hour_column if self.timestamp_column is None else self.timestamp_column
        return self.columns[column or 0]

    @property
    def ignored(self) -> list[str]:
        """The columns that hold nothing of the schema."""
        used = {*self.keys, *self.variables.values()} - set(self.place_columns)
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

    @cached_property
    def _meanings(self) -> list[Meaning | None]:
        return [meaning(name) for name in self.columns]

    def _of(self, role: Role) -> list[int]:
        return [i for i, known in enumerate(self._meanings) if known and known.role == role]

    def _best(self, columns: list[int]) -> int | None:
        return min(columns, key=lambda i: zone_of(self.columns[i]).rank, default=None)


def _is_name(cell: str) -> bool:
    """Whether a cell is a name rather than a code that is mistyped."""
    return bool(cell) and not any(char.isdigit() for char in cell)


def is_catalogue(folded: Collection[str]) -> bool:
    """Whether these are the folded columns of INMET's catalogue of stations."""
    return {"cd estacao", "vl latitude"} <= set(folded) and "dt medicao" not in folded
