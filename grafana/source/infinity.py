"""Queries of the Infinity datasource: backend parser, every column typed, addresses relative.

The datasource holds the base address (grafana/provisioning), so one dashboard serves every
deployment: Infinity puts that address before a query's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import VariableRefresh, VariableSort

from grafana.source.fields import FIELDS, PLAIN, TIME, Field

TYPE, UID = "yesoreyeram-infinity-datasource", "ef5ezkch2esxse"
DATASOURCE = DataSourceRef(type_val=TYPE, uid=UID)
TIME_ZONE = "America/Sao_Paulo"

# Go's name of ISO 8601 with seconds and offset: told, so that Infinity need not guess.
TIME_LAYOUT = "2006-01-02T15:04:05Z07:00"

STATION = {"station": "${station}"}
PERIOD = STATION | {"from": "${__from:date:iso}", "to": "${__to:date:iso}", "tz": TIME_ZONE}


@dataclass
class Query(Dataquery, Builder[Dataquery]):
    """One GET of the data service.

    Attributes:
        path: of the data service, such as `/series`.
        columns: names in fields.py, in the order of the frame.
        params: of the address; variables and macros in them are Grafana's to expand.
        root: where in the answer the rows are; empty for the answer itself as one row.
        selectors: where a column is found, when that is not by its own name.
        kinds: what Infinity shall make of a column here, when not what fields.py says.
    """

    path: str
    columns: tuple[str, ...]
    params: dict[str, str] = field(default_factory=dict)
    root: str = "rows"
    selectors: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    ref: str = "A"

    def build(self) -> Dataquery:
        """Itself: a query is what it builds."""
        return self

    def to_json(self) -> dict[str, Any]:
        """In Infinity's form."""
        return {
            "refId": self.ref,
            "datasource": DATASOURCE,
            "type": "json",
            "source": "url",
            "format": "table",
            "parser": "backend",
            "url": self.path,
            "url_options": {
                "method": "GET",
                "data": "",
                "params": [{"key": key, "value": value} for key, value in self.params.items()],
            },
            "root_selector": self.root,
            "columns": [self._column(name) for name in self.columns],
            "filters": [],
            "global_query_id": "",
        }

    def fields(self) -> dict[str, Field]:
        """The declared columns, by name; one that is text here has no unit."""
        return {
            name: replace(FIELDS[name], kind=self.kinds[name], unit=PLAIN, decimals=None)
            if name in self.kinds
            else FIELDS[name]
            for name in self.columns
        }

    def _column(self, name: str) -> dict[str, str]:
        kind = self.kinds.get(name, FIELDS[name].kind)
        column = {"selector": self.selectors.get(name, name), "text": name, "type": kind}
        return column | ({"timestampFormat": TIME_LAYOUT} if kind == TIME else {})


def station_variable() -> dashboard.QueryVariable:
    """`station`: shown by its name, sent as its code; the first one at the start."""
    query = Query("/stations", ()).to_json() | {
        "refId": "variable",
        "columns": [
            {"selector": "name", "text": "__text", "type": "string"},
            {"selector": "station_id", "text": "__value", "type": "string"},
        ],
    }
    return (
        dashboard.QueryVariable("station")
        .label("Estação")
        .description("Estação automática do INMET")
        .datasource(DATASOURCE)
        .query({"queryType": "infinity", "query": "", "infinityQuery": query})
        .definition("/stations")
        .refresh(VariableRefresh.ON_DASHBOARD_LOAD)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(False)
        .include_all(False)
    )


def choice(
    name: str, label: str, description: str, values: dict[str, str]
) -> dashboard.CustomVariable:
    """A variable of some values, each under the name that people read; the first at the start."""
    return (
        dashboard.CustomVariable(name)
        .label(label)
        .description(description)
        .values(", ".join(f"{text} : {value}" for text, value in values.items()))
        .multi(False)
        .include_all(False)
        .allow_custom_value(False)
    )
