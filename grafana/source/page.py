"""A dashboard: panels laid out in rows, with the links, times and words that all share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    GridPos,
)

from grafana.source.infinity import TIME_ZONE, station_variable

WIDTH = 24
TAG = "inmet"


@dataclass(frozen=True)
class Row:
    """Panels side by side: their height, and each with its width; together at most 24."""

    height: int
    panels: tuple[tuple[Any, int], ...]


def row(height: int, *panels: tuple[Any, int]) -> Row:
    """Panels side by side, each with its width."""
    return Row(height, panels)


def page(
    uid: str,
    title: str,
    description: str,
    since: str,
    rows: list[Row],
    variables: tuple[Any, ...] = (),
) -> dashboard.Dashboard:
    """A dashboard with the station as its first variable.

    Args:
        uid: of the address, which people keep: it never changes.
        title: in Portuguese.
        description: one sentence; the source is added.
        since: where the time range starts that is shown first, such as `now-30d`.
        rows: from top to bottom.
        variables: after the station.
    """
    built = (
        dashboard.Dashboard(title)
        .uid(uid)
        .description(f"{description} Fonte: INMET, Instituto Nacional de Meteorologia.")
        .tags([TAG])
        .readonly()
        .timezone(TIME_ZONE)
        .time(since, "now")
        .refresh("")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .link(_links())
        .variables([station_variable(), *variables])
    )
    for panel in placed(rows):
        built.with_panel(panel)
    return built


def placed(rows: list[Row]) -> list[Any]:
    """The panels with their places and numbers, from top to bottom."""
    placed: list[Any] = []
    top = 0
    for each in rows:
        left = 0
        for panel, width in each.panels:
            position = GridPos(h=each.height, w=width, x=left, y=top)
            placed.append(panel.grid_pos(position).id(len(placed) + 1))
            left += width
        top += each.height
    return placed


def _links() -> dashboard.DashboardLink:
    """To the other dashboards, for the same station and period."""
    return (
        dashboard.DashboardLink("Painéis do INMET")
        .type(DashboardLinkType.DASHBOARDS)
        .icon("external link")
        .tooltip("Outros painéis, com a mesma estação e o mesmo período")
        .tags([TAG])
        .as_dropdown(False)
        .include_vars(True)
        .keep_time(True)
        .target_blank(False)
    )
