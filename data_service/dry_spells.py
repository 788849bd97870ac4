"""/dry-spells: days in a row without rain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from data_service.answers import PeriodAnswer, of_period
from data_service.asking import StationPeriod
from data_service.caching import CachedRoute
from data_service.daily import query_daily
from data_service.problems import PROBLEMS

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

SHORTEST_DAYS = 5
# WMO's (ETCCDI, consecutive dry days): less than a millimetre.
DRY_BELOW_MM = 1.0

Ending = Literal["chuva", "sem dado", "fim do período"]


class DrySpellRow(BaseModel):
    """At least five of INMET's days in a row with less than 1 mm."""

    from_day: date
    to_day: date
    days: int = Field(ge=SHORTEST_DAYS)
    ended_by: Ending = Field(description="`sem dado`: it may have gone on, nobody measured")


@router.get("/dry-spells")
def dry_spells(ask: StationPeriod) -> PeriodAnswer[DrySpellRow]:
    """Dry spells within the period, from the earliest on; a day without a value ends one."""
    days = query_daily(ask, " SELECT day, precipitation_mm FROM daily ORDER BY day")
    return PeriodAnswer[DrySpellRow](**of_period(ask, list(spells(days))))


def spells(days: Iterable[dict[str, Any]]) -> Iterator[DrySpellRow]:
    """The dry spells of days without a gap, each with `day` and `precipitation_mm`."""
    runs = [(kind, list(run)) for kind, run in groupby(days, key=_kind)]
    endings: list[Ending] = [kind for kind, _ in runs[1:]] + ["fim do período"]
    for (kind, run), ending in zip(runs, endings, strict=False):
        if kind == "seco" and len(run) >= SHORTEST_DAYS:
            yield DrySpellRow(
                from_day=run[0]["day"], to_day=run[-1]["day"], days=len(run), ended_by=ending
            )


def _kind(day: dict[str, Any]) -> Any:
    if day["precipitation_mm"] is None:
        return "sem dado"
    return "seco" if day["precipitation_mm"] < DRY_BELOW_MM else "chuva"
