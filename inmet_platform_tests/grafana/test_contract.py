"""Every query of every dashboard, asked of the real data service."""

from __future__ import annotations

from typing import Any

import pytest

from inmet_platform_tests.grafana.conftest import Ask, Refused
from inmet_platform_tests.grafana.dashboards import NAMES, load, panels
from inmet_platform_tests.grafana.infinity import KINDS, RFC_3339, cell, found_rows

TARGETS = [
    pytest.param(target, id=f"{name} {panel['id']} {target['url']}")
    for name in NAMES
    for panel in panels(name)
    for target in panel["targets"]
]


def check_types(target: dict[str, Any], rows: list[dict[str, Any]], is_strict: bool = True) -> None:
    """Each declared column is in each row, and is null or of its type."""
    for column in target["columns"]:
        for row in rows:
            value = cell(row, column["selector"], is_strict)
            if value is None:
                continue
            kind = column["type"]
            # Infinity writes numbers out for a column of text (a month of 1 to 12, for a chart).
            wanted = (str, int) if kind == "string" else KINDS[kind]
            assert isinstance(value, wanted), (column, value)
            assert isinstance(value, bool) == (kind == "boolean"), (column, value)
            if kind == "timestamp":
                assert RFC_3339.fullmatch(value), (column, value)


@pytest.mark.parametrize("target", TARGETS)
def test_answer_has_the_columns_and_the_types_that_are_declared(
    target: dict[str, Any], ask: Ask
) -> None:
    rows = found_rows(target, ask(target))
    assert rows
    check_types(target, rows)
    for column in target["columns"]:
        assert any(cell(row, column["selector"]) is not None for row in rows), column


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_not_there_yet_is_no_error(target: dict[str, Any], ask_bare: Ask) -> None:
    check_types(target, found_rows(target, ask_bare(target)), is_strict=False)


@pytest.mark.parametrize("name", NAMES)
def test_the_variable_offers_every_station_by_name_and_sends_its_code(name: str, ask: Ask) -> None:
    [variable] = [it for it in load(name)["templating"]["list"] if it["name"] == "station"]
    target = variable["query"]["infinityQuery"]
    offered = {
        column["text"]: [cell(row, column["selector"]) for row in found_rows(target, ask(target))]
        for column in target["columns"]
    }
    assert sorted(zip(offered["__value"], offered["__text"], strict=True)) == [
        ("Z998", "SÃO SINTÉTICO"),
        ("Z999", "ESTACAO SINTETICA"),
    ]


def _choices() -> list[Any]:
    return [
        pytest.param(name, variable["name"], value.split(" : ")[1], id=f"{name} {value}")
        for name in NAMES
        for variable in load(name)["templating"]["list"]
        if variable["type"] == "custom"
        for value in variable["query"].split(", ")
    ]


@pytest.mark.parametrize(("name", "variable", "value"), _choices())
def test_the_service_understands_every_value_of_a_variable(
    name: str, variable: str, value: str, ask: Ask
) -> None:
    asked = [
        target
        for panel in panels(name)
        for target in panel["targets"]
        if f"${{{variable}}}" in str(target["url_options"])
    ]
    assert asked
    for target in asked:
        assert found_rows(target, ask(target, **{variable: value}))


@pytest.mark.parametrize(
    ("since", "until", "refused"),
    [
        ("2024-06-01T03:00:00.000Z", "2024-06-02T03:00:00.000Z", set()),
        ("2022-03-01T03:00:00.000Z", "2024-12-31T03:00:00.000Z", set()),
        ("1999-12-31T02:00:00.000Z", "2026-01-01T03:00:00.000Z", {"/daily", "/completeness"}),
        ("2030-01-01T03:00:00.000Z", "2030-02-01T03:00:00.000Z", set()),
    ],
    ids=["a day", "nearly three years", "all there can be", "where nothing is"],
)
def test_any_period_is_answered_or_the_panel_says_what_it_holds(
    since: str, until: str, refused: set[str], ask: Ask
) -> None:
    period = {"__from:date:iso": since, "__to:date:iso": until, "__to:date:YYYY": until[:4]}
    found = set()
    for panel in (panel for name in NAMES for panel in panels(name)):
        for target in panel["targets"]:
            try:
                check_types(target, found_rows(target, ask(target, **period)))
            except Refused:
                found.add(target["url"])
                assert "No máximo" in panel["description"], panel["title"]
    assert found == refused


def test_missing_hours_are_missing_in_the_series_and_not_left_out(ask: Ask) -> None:
    [target] = [
        target
        for panel in panels("inmet_agora")
        if panel["title"] == "Umidade"
        for target in panel["targets"]
    ]
    # Z998 ends in June: a line that left hours out would be drawn across them.
    period = {"__from:date:iso": "2024-06-20T03:00:00.000Z"}
    period["__to:date:iso"] = "2024-07-10T03:00:00.000Z"
    rows = ask(target, station="Z998", **period)["rows"]
    values = [row["humidity_pct"] for row in rows]
    assert values[0] is not None
    assert values[-1] is None
    assert len(values) > 100
