"""What Infinity's backend parser does with a query: the address it asks, the frame it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from inmet_platform_tests.grafana.dashboards import VARIABLE

# Go's layout 2006-01-02T15:04:05Z07:00; time.Parse takes a fraction of a second though unasked.
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

KINDS = {"string": str, "boolean": bool, "number": (int, float), "timestamp": str}


def expand(text: str, variables: Mapping[str, str]) -> str:
    """A text with Grafana's variables and macros; `variables` has `name` or `name:format`."""

    def value(found: re.Match[str]) -> str:
        whole = found[0].strip("${}")
        return variables[whole]

    return VARIABLE.sub(value, text)


def parameters(target: dict[str, Any], variables: Mapping[str, str]) -> dict[str, str]:
    """What is asked, behind the path."""
    asked = target["url_options"].get("params", [])
    return {it["key"]: expand(it["value"], variables) for it in asked}


def found_rows(target: dict[str, Any], answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows at the root; an answer without a root is one row.

    Raises:
        KeyError: there is no such root, which in Grafana is an error of the panel.
    """
    root = target["root_selector"]
    return list(answer[root]) if root else [answer]


def cell(row: dict[str, Any], selector: str, is_strict: bool = True) -> Any:
    """A value by its selector, as gjson follows dots.

    Raises:
        KeyError: strictly, the row has no such value, not even null. Infinity takes it for null.
    """
    value: Any = row
    for key in selector.split("."):
        value = value[key] if is_strict else (value or {}).get(key)
    return value


def frame(target: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The frame that a panel is given: times as milliseconds, text and numbers as typed."""
    rows = found_rows(target, answer)
    fields = [
        {
            "name": column["text"],
            "values": [_typed(cell(row, column["selector"]), column["type"]) for row in rows],
        }
        for column in target["columns"]
    ]
    return {"refId": target["refId"], "fields": fields}


def _typed(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "timestamp":
        return int(datetime.fromisoformat(value).timestamp() * 1000)
    return str(value) if kind == "string" else value
