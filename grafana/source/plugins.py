"""Panels of the two plugins: ECharts by Business Charts, a live header by HTML Graphics.

Their code lives in files, so that it is linted, tested and drawn as what it is, and is put into the
dashboard word by word when that is generated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from grafana_foundation_sdk.builders import dashboard

from grafana.source.fields import TEXT, TIME
from grafana.source.infinity import STATION, TIME_ZONE, Query
from grafana.source.panels import CLASS_COLORS, dress

HTML = Path(__file__).parent / "html"
CHARTS = Path(__file__).parent / "charts"

HTML_GRAPHICS = ("gapit-htmlgraphics-panel", "2.2.3")
EMPTY: Mapping[str, str] = MappingProxyType({})

BUSINESS_CHARTS = ("volkovlabs-echarts-panel", "7.2.5")


def header(title: str, lead: str) -> dashboard.Panel:
    """What station this is, how old its data are, what it measured last; filled by each refresh."""
    station = Query(
        "/latest",
        (
            *("station_id", "name", "uf", "observed_at", "age_h", "temperature_c"),
            "rain_24h_mm",
            "rain_class",
        ),
        STATION | {"tz": TIME_ZONE},
    )
    known = Query("/stations", ("station_id", "first_hour", "last_hour", "hours"), ref="B")
    panel = dress(dashboard.Panel(), title, lead, "none", station, known)
    return (
        panel.type(HTML_GRAPHICS[0])
        .plugin_version(HTML_GRAPHICS[1])
        .transparent(True)
        .options(
            {
                "html": (HTML / "header.html").read_text(),
                "css": (HTML / "header.css").read_text(),
                "rootCSS": "",
                "onInit": "",
                "onRender": (HTML / "header.js").read_text(),
                "codeData": json.dumps(
                    {"title": title, "lead": lead, "timeZone": TIME_ZONE, "colors": CLASS_COLORS},
                    ensure_ascii=False,
                ),
                "renderOnMount": True,
                "panelupdateOnMount": False,
                "onInitOnResize": False,
                "dynamicData": False,
                "dynamicProps": False,
                "dynamicHtmlGraphics": False,
                "dynamicFieldDisplayValues": False,
                "calcsMutation": "none",
                "reduceOptions": {"calcs": [], "values": False, "fields": ""},
                "add100Percentage": True,
                "centerAlignContent": False,
                "overflow": "auto",
                "useGrafanaScrollbar": True,
                "SVGBaseFix": False,
            }
        )
    )


def chart(
    title: str,
    description: str,
    unit: str,
    file: str,
    query: Query,
    context: Mapping[str, str] = EMPTY,
) -> dashboard.Panel:
    """A chart of `charts/`, drawn by Business Charts.

    Args:
        title: in Portuguese.
        description: in Portuguese; the source is added.
        unit: Grafana's, for whoever opens the data of the panel.
        file: of `charts/`, without its ending.
        query: what gives the rows; its times arrive as the text of the answer.
        context: more for the chart's function; variables in a value are Grafana's to expand.
    """
    as_text = {name: TEXT for name, field in query.fields().items() if field.kind == TIME}
    panel = dress(
        dashboard.Panel(), title, description, unit, replace(query, kinds=as_text | query.kinds)
    )
    return (
        panel.type(BUSINESS_CHARTS[0])
        .plugin_version(BUSINESS_CHARTS[1])
        .options(
            {
                "renderer": "canvas",
                "map": "none",
                "editorMode": "code",
                "editor": {"format": "none"},
                "themeEditor": {"name": "default", "config": "{}"},
                "getOption": chart_code(file, context),
            }
        )
    )


def chart_code(file: str, context: Mapping[str, str]) -> str:
    """The body of `getOption`: the files word by word, then the call."""
    names = ["colours", "common", "grafana", file]
    if file == "station_map":
        names.insert(3, "brazil_outline")
    texts = [(CHARTS / f"{name}.js").read_text() for name in names]
    more = ", ".join(
        f"{key}: context.grafana.replaceVariables({json.dumps(value, ensure_ascii=False)})"
        for key, value in context.items()
    )
    rows, asked = "rowsOf(context.panel.data.series)", f"chartContext(context, {{{more}}})"
    return "".join([*texts, f"return {function_of(file)}({rows}, {asked});\n"])


def function_of(file: str) -> str:
    """`rain_classes` is drawn by `rainClassesChart`."""
    first, *others = file.split("_")
    return "".join([first, *(word.capitalize() for word in others), "Chart"])
