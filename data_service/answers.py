"""The form of every answer: its source, what was asked, and flat rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, Field

from data_service.asking import Ask
from data_service.problems import TooLarge

MOST_ROWS = 3_000
MOST_BYTES = 200_000

Row = TypeVar("Row", bound=BaseModel)


class Answer(BaseModel, Generic[Row]):
    """Rows of the network."""

    source: str = Field("Fonte: INMET", description="to be named wherever the data are shown")
    tz: str = Field(description="IANA time zone of every local time", examples=["America/Manaus"])
    rows: list[Row] = Field(description="flat; a missing value is null, never 0")


class PeriodAnswer(Answer[Row], Generic[Row]):
    """Rows of a period, of a station when one was asked for."""

    station: str | None = Field(None, examples=["A001"])
    since: AwareDatetime = Field(serialization_alias="from")
    until: AwareDatetime = Field(serialization_alias="to")


class Health(BaseModel):
    """Whether the process lives, or is ready."""

    status: str = Field(examples=["ok"])


def of_period(ask: Ask, rows: Sequence[Any]) -> dict[str, Any]:
    """The fields of a `PeriodAnswer`."""
    return {
        "tz": ask.period.zone.key,
        "station": ask.station and ask.station.station_id,
        "since": ask.period.since,
        "until": ask.period.until,
        "rows": rows,
    }


def check_rows(count: float, row_bytes: int, remedy: str) -> None:
    """Refuse an answer before it is made.

    Args:
        count: of its rows.
        row_bytes: of one row, as JSON.
        remedy: how to ask for less.

    Raises:
        TooLarge: of more than 3,000 rows or 200 KB.
    """
    most = most_rows(row_bytes)
    if count > most:
        raise TooLarge(
            f"The answer would have {count:,.0f} rows; at most {most:,} are given.", remedy=remedy
        )


def most_rows(row_bytes: int) -> int:
    """How many rows of a size one answer may have."""
    return min(MOST_ROWS, MOST_BYTES // row_bytes)
