"""The page of what is read: forms of files, names of columns, units, missing values."""

from __future__ import annotations

from docs.source.markdown import code, head, page, table
from inmet_platform.inmet.published import PUBLISHED_FORMATS
from inmet_platform.inmet.readers import names, units
from inmet_platform.inmet.readers.repair import UNUSUAL, USUAL
from inmet_platform.inmet.schema import VARIABLES

_INTRODUCTION = """INMET writes its hours in five forms, and people keep them in many more.
A file is known by what it holds, never by its name. Separator, decimal sign, form of dates and of
hours are decided for the file as a whole, from its values."""
_WRAPPINGS = """Each of them may be gzipped, in a zip, or a workbook of Excel or LibreOffice, whose
first sheet is read. Separators are `;`, `,`, tab and `|`. Encodings are UTF-8, also encoded twice,
UTF-16, Latin-1 and code page 850. Columns may stand in any order, and some may be absent: of those
the file says nothing, so they stay as they are."""
_NAMES = """A name is taken apart into whole words, without accents; a lost accent does not matter.
It is a variable when each of its words is in one of these tables. So a wet bulb, a daily mean or
the soil's temperature is left out, and a remark says so."""
_ZONES = """An hour is UTC unless the name of its column says another zone, such as `Hora (UTC-3)`;
then it is shifted, and a remark says so. A local time without an offset is refused, whatever names
it: write the offset into each time, such as `2018-12-31 22:00-02:00`. Rows that stand more than an
hour apart, such as daily means, are refused."""
_UNITS = """A unit in the name of a column is believed. One that differs from INMET's is converted,
and a remark says so; one that is not in this table is refused. The form is folded: without case,
accents and signs."""
_FORMATS = (
    ("`portal`", "a station-year of INMET's portal, in its three vintages; also as re-saved"),
    ("`bdmep_hourly`", "what BDMEP sends for a request: the columns that were ticked"),
    ("`react_csv`", "the button under the station table of INMET's site"),
    ("`api`", "records of INMET's API, as a table or as JSON"),
    ("`flattened`", "any other table: basedosdados, Kaggle, pandas, R, Google Sheets, ours"),
)
_PUBLISHED = """BDMEP also gives days and months, of automatic stations and of conventional
ones, whose code has five digits. They are read as BDMEP writes them, with their names and
units, each day or month once and in order, and stand beside our own values of the day in
`CLEAN.DAILY_PUBLISHED` and `CLEAN.MONTHLY_PUBLISHED`. `(AUT)` in a name is left out:
`TEMPERATURA MEDIA, DIARIA (AUT)(°C)` is `temperature_mean_c`. A month is dated by its last day.
Hours of conventional stations are not taken. A table of days with other names is refused.
INMET's catalogue of stations is read as its page gives it, or as JSON of the API: a station
that no other file names has a row in `CLEAN.STATIONS`."""
_ROLES = {
    "date": "the date of the row",
    "hour": "the hour; where there are several, the one that is UTC",
    "timestamp": "date and hour in one; with a zone, it is shifted to UTC",
    "zone": "the zone of the row; another than UTC is refused",
    "station": "the station's code; several codes make several stations",
    "place": "a name: two of them without codes are refused",
    "year": "with month and day instead of a date",
    "month": "see year",
    "day": "see year",
}


def forms_page() -> str:
    """`docs/reference/forms.md`, whole."""
    labels = {it.name: f"{it.description} ({it.unit})" for it in VARIABLES}
    quantities = [
        (code(name.replace("{}", "")), labels[name.replace("{}", "")], ", ".join(words))
        for name, words in names.QUANTITIES.items()
    ]
    return page(
        head("What is read", "inmet_platform/inmet/readers", _INTRODUCTION),
        table(("Form", "What it is"), list(_FORMATS)),
        _WRAPPINGS,
        "## Names of variables",
        _NAMES,
        table(("Variable", "What it is", "Words"), quantities),
        f"Beside the quantity may stand: {', '.join(names.QUALIFIERS)}; for an extreme "
        f"{', '.join((*names.MAXIMUM, *names.MINIMUM))}. Kaggle's older table writes both in one: "
        + ", ".join(f"{code(word)} is {code(of)}" for word, of in names.ABBREVIATIONS.items())
        + ".",
        "## Names of other columns",
        table(
            ("Column", "What it is", "Names"),
            [(role, _ROLES[role], ", ".join(of)) for role, of in names.ROLES.items()],
        ),
        _ZONES,
        "## Units",
        _UNITS,
        table(("Canonical", "Written", "What is done"), list(_units())),
        "## Days, months and stations",
        _PUBLISHED,
        table(
            ("Of", "BDMEP's name, without accents and signs", "Unit", "Column", "Within"),
            [
                (
                    *(of, it.bdmep.upper(), it.written or "%", code(it.name)),
                    f"{it.bounds[0]:g} to {it.bounds[1]:g}",
                )
                for of, variables in PUBLISHED_FORMATS.values()
                for it in variables
            ],
        ),
        "## Missing values",
        "INMET writes "
        + ", ".join(code(it) if it else "an empty cell" for it in USUAL)
        + ". Others are missing, too, and counted in a remark: "
        + ", ".join(map(code, UNUSUAL))
        + ".",
    )


def _units() -> list[tuple[str, str, str]]:
    rows = []
    for canonical, written in units.UNITS.items():
        for key, change in written.items():
            done = "as it is"
            if change.mislabel:
                done = f"as it is: {change.mislabel}"
            elif change.is_needed:
                offset = f"({change.offset:+g}) " if change.offset else ""
                done = f"{offset}times {change.factor:.6g}"
            rows.append((code(canonical), code(key) if key else "`%`, `°`", done))
    return rows
