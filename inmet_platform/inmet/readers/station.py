"""The station of a file: from its metadata block, its name, or the uploader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.text import fold, quoted
from inmet_platform.inmet.schema import STATION_ID_PATTERN

_NUMBER = re.compile(r"[-+]?(\d+[,.]?\d*|[,.]\d+)", re.ASCII)

# A spreadsheet takes a cell that begins so for a formula; no name of a place does.
_FORMULA = "=+-@ "

# How the folded labels of portal and BDMEP begin; a lost accent turns `regiao` into `regio`.
_LABELS = {
    "regi": "region",
    "uf": "uf",
    "esta": "name",
    "nome": "name",
    "codigo": "station_id",
    "cdigo": "station_id",
    "latitude": "latitude_deg",
    "longitude": "longitude_deg",
    "altitude": "altitude_m",
    "data de funda": "founded_on",
}


@dataclass(frozen=True)
class StationHeader:
    """A file's metadata block, in degrees and metres; None where the file says nothing."""

    station_id: str
    name: str | None = None
    region: str | None = None
    uf: str | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude_m: float | None = None
    founded_on: date | None = None


def parse_metadata(lines: list[str], first_line: int = 1) -> dict[str, tuple[int, str]]:
    """Line number and text of each attribute in lines like `LABEL:;value` or `Label: value`."""
    found: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, start=first_line):
        label, colon, value = line.partition(":")
        names = (name for start, name in _LABELS.items() if fold(label).startswith(start))
        if colon and (attribute := next(names, "")):
            found.setdefault(attribute, (number, _bare(value)))
    return found


def _bare(value: str) -> str:
    value = value.strip(' "|\t\r')
    # After the separator a comma is a decimal one: Porto Grande has `LATITUDE:;,69416666`.
    value = value.lstrip(' ;"') if value.startswith(";") else value.lstrip(' ,"')
    return value.rstrip(' ;,|"\t\r')


def station_header(
    metadata: dict[str, tuple[int, str]], place: Place, codes: str = STATION_ID_PATTERN
) -> StationHeader | None:
    """The metadata block as values; None when no line names a station's code.

    Args:
        metadata: as `parse_metadata` found it.
        place: for messages.
        codes: the pattern of a station's code in such a file.

    Raises:
        UnreadableFile: a code, a number or a date cannot be read.
    """
    if "station_id" not in metadata:
        return None
    line, code = metadata["station_id"]
    if not re.fullmatch(codes, code, re.ASCII):
        remedy = ""
        if re.fullmatch(r"\d{5}", code, re.ASCII):
            remedy = "Hours of conventional stations are not taken; BDMEP's days and months are."
        raise UnreadableFile(
            place.at(line),
            expected="a station code such as A001",
            found=quoted(code),
            remedy=remedy,
        )
    text = {name: value for name, (_, value) in metadata.items()}
    return StationHeader(
        station_id=code,
        name=plain_name(text.get("name")),
        region=plain_name(text.get("region")),
        uf=plain_name(text.get("uf")),
        latitude_deg=_number(metadata.get("latitude_deg"), place),
        longitude_deg=_number(metadata.get("longitude_deg"), place),
        altitude_m=_number(metadata.get("altitude_m"), place),
        founded_on=_founded(metadata.get("founded_on"), place),
    )


def plain_name(text: str | None) -> str | None:
    """A name as people and spreadsheets may be shown it: printable, and no formula."""
    printable = "".join(char if char.isprintable() else " " for char in text or "")
    return printable.strip().lstrip(_FORMULA) or None


def _number(item: tuple[int, str] | None, place: Place) -> float | None:
    if item is None or item[1] in {"", "null", "-9999"}:
        return None
    if not _NUMBER.fullmatch(item[1]):
        raise UnreadableFile(place.at(item[0]), expected="a number", found=quoted(item[1]))
    return float(item[1].replace(",", "."))


def _founded(item: tuple[int, str] | None, place: Place) -> date | None:
    if item is None or not item[1]:
        return None
    for form in ("%d/%m/%y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(item[1], form).date()  # noqa: DTZ007 - a date
        except ValueError:
            continue
    expected = "a date such as 2000-05-07 or 07/05/00"
    raise UnreadableFile(place.at(item[0]), expected=expected, found=quoted(item[1]))


def station_in_name(name: str, codes: str = STATION_ID_PATTERN) -> str | None:
    """The one station code in a file's name; None when there is none or more than one."""
    words = name.rpartition("/")[2].upper().replace("_", " ")
    found = set(re.findall(rf"(?<![A-Z0-9])(?:{codes})(?![A-Z0-9])", words, re.ASCII))
    return found.pop() if len(found) == 1 else None


def checked_station_id(station_id: str, place: Place, codes: str = STATION_ID_PATTERN) -> str:
    """The uploader's station code in capitals.

    Raises:
        UnreadableFile: it is not a station code.
    """
    code = station_id.strip().upper()
    if not re.fullmatch(codes, code, re.ASCII):
        raise UnreadableFile(place, expected="a station_id such as A001", found=quoted(station_id))
    return code
