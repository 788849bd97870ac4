"""Steps of a series: hours, or longer ones so that an answer stays small."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from data_service.answers import check_rows, most_rows
from data_service.asking import CALENDAR, Ask
from data_service.period import in_zone
from data_service.variables import expected_of, present_of, whole_of

Step = Literal["auto", "hour", "3h", "6h", "day", "month"]

# A step's length in hours.
LENGTHS: dict[Step, int] = {"hour": 1, "3h": 3, "6h": 6, "day": 24, "month": 730}

# Where a label belongs: an hour is told by its end, as INMET does, longer steps by their begin.
_BINS = {
    "hour": "observed_at",
    "3h": "TIME_BUCKET(INTERVAL 3 HOUR, began)",
    "6h": "TIME_BUCKET(INTERVAL 6 HOUR, began)",
    "day": "DATE_TRUNC('day', began)::TIMESTAMP",
    "month": "DATE_TRUNC('month', began)::TIMESTAMP",
}


def chosen_step(ask: Ask, step: Step, row_bytes: int) -> Step:
    """The step asked for, or of `auto` the shortest that one answer can hold.

    Raises:
        TooLarge: it has more rows than one answer.
    """
    if step == "auto":
        fits = (
            name
            for name, length in LENGTHS.items()
            if ask.period.hours / length <= most_rows(row_bytes)
        )
        return next(fits, "month")
    check_rows(ask.period.hours / LENGTHS[step], row_bytes, "Ask for less, or step=auto.")
    return step


def stepped(ask: Ask, names: list[str], step: Step) -> list[dict[str, Any]]:
    """A row a step, also of those without any hour.

    Each has `at` (with its zone), `hours` (labels), and for every variable its value and, under
    `<name>_hours`, in how many hours it is there. A step with fewer than half of the hours that
    should be there has no value.
    """
    bins = _BINS[step]
    values = "".join(
        f", {whole_of(name)} AS {name}, {present_of(name)} AS {name}_hours" for name in names
    )
    checked = "".join(
        f", CASE WHEN 2 * {name}_hours >= expected_{name} THEN {name} END AS {name}"
        f", COALESCE({name}_hours, 0) AS {name}_hours, {name} AS {name}_known"
        for name in names
    )
    expected = "".join(f", {expected_of(name)} AS expected_{name}" for name in names)
    sql = f"""{CALENDAR},
        steps AS (SELECT {bins} AS step, COUNT(*) AS hours{expected} FROM calendar GROUP BY 1),
        found AS (SELECT {bins} AS step{values} FROM hours GROUP BY 1)
        SELECT steps.step AS at, hours{checked} FROM steps LEFT JOIN found USING (step)
        ORDER BY steps.step"""  # noqa: S608 - names of our own
    rows = ask.query(names, sql)
    for row in rows:
        row["at"] = _told(row["at"], ask, step)
    return rows


def _told(at: datetime, ask: Ask, step: Step) -> datetime:
    zone = ask.period.zone
    return in_zone(at, zone) if step == "hour" else at.replace(tzinfo=zone)
