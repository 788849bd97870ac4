"""The charts as the dashboards hold them, on answers of the data service, in a browser.

Their numbers are tested where they are written (inmet_platform_tests/charts); here it is that the
embedded text runs as Business Charts runs it, on frames as Infinity makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grafana.source.plugins import BUSINESS_CHARTS
from inmet_platform_tests.embedded import ROOT
from inmet_platform_tests.grafana.chromium import run
from inmet_platform_tests.grafana.conftest import VARIABLES, Ask
from inmet_platform_tests.grafana.dashboards import NAMES, code_of, panels
from inmet_platform_tests.grafana.infinity import frame
from inmet_platform_tests.needs import BROWSER, NODE_MODULES, needs

ECHARTS = ROOT / "node_modules" / "echarts" / "dist" / "echarts.min.js"

pytestmark = needs(BROWSER, NODE_MODULES)

# What Business Charts 7 gives to getOption, as far as a chart may use it; then ECharts draws.
DRAW = """
return given.charts.map(({ dashboard, kind, dark, title, code, series }) => {
  const host = document.body.appendChild(document.createElement('div'));
  host.style.cssText = 'width: 900px; height: 420px';
  try {
    const chart = echarts.init(host, dark ? 'dark' : null);
    const replaceVariables = (text) => text.replace(/\\$\\{([^}]+)\\}/g, (all, name) => {
      if (!(name in given.variables)) throw new Error(`unknown variable ${all}`);
      return given.variables[name];
    });
    const option = new Function('context', code)({
      panel: { data: { series }, chart },
      grafana: { theme: { isDark: dark }, replaceVariables },
    });
    chart.setOption(option);
    const pixels = host.querySelector('canvas').getContext('2d')
      .getImageData(0, 0, 900, 420).data;
    const colours = new Set();
    for (let i = 0; i < pixels.length; i += 4) {
      if (pixels[i + 3] > 200) colours.add(`${pixels[i]},${pixels[i + 1]},${pixels[i + 2]}`);
    }
    const told = { dashboard, kind, title, colours: colours.size,
      series: (option.series || []).length, option: JSON.stringify(option) };
    chart.dispose();
    host.remove();
    return { ...told, words: option.aria.label.description };
  } catch (error) { return { dashboard, kind, title, error: String(error.stack || error) }; }
});
"""


def charts(name: str) -> list[dict[str, Any]]:
    return [it for it in panels(name) if it["type"] == BUSINESS_CHARTS[0]]


def _given(name: str, frames: Callable[[dict[str, Any]], Any], dark: bool) -> list[dict[str, Any]]:
    """The charts of a dashboard; `frames(target)` is what one is given."""
    return [
        {
            "dashboard": name,
            "dark": dark,
            "title": panel["title"],
            "code": code_of(panel)[0],
            "series": [frames(target) for target in panel["targets"]],
        }
        for panel in charts(name)
    ]


class Drawn:
    """What each chart came to in one browser, for each kind of data and in light and dark."""

    def __init__(self, folder: Path, ask: Ask) -> None:
        kinds: dict[str, tuple[Callable[[dict[str, Any]], Any], bool]] = {
            "light": (lambda target: frame(target, ask(target)), False),
            "dark": (lambda target: frame(target, ask(target)), True),
            "nulls": (_of_nulls, False),
            "no row": (_without_rows, False),
        }
        given = [
            {"kind": kind, **chart}
            for kind, (frames, dark) in kinds.items()
            for name in NAMES
            for chart in _given(name, frames, dark)
        ]
        self._told: list[dict[str, Any]] = run(
            folder, DRAW, {"variables": VARIABLES, "charts": given}, (ECHARTS,)
        )

    def of(self, name: str, kind: str) -> list[dict[str, Any]]:
        told = [it for it in self._told if (it["dashboard"], it["kind"]) == (name, kind)]
        assert len(told) == len(charts(name))
        assert [it["error"] for it in told if "error" in it] == []
        return told


@pytest.fixture(scope="module")
def drawn(ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    return Drawn(tmp_path_factory.mktemp("charts"), ask)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_every_chart_draws_what_the_service_answers(name: str, theme: str, drawn: Drawn) -> None:
    for chart in drawn.of(name, theme):
        assert chart["series"] > 0, chart
        assert chart["colours"] > 3, chart
        assert len(chart["words"]) > 20
        # A column that the chart reads and the query does not ask for would show as this.
        assert "undefined" not in chart["option"] + chart["words"], chart["title"]
        assert "NaN" not in chart["option"] + chart["words"], chart["title"]


def _of_nulls(target: dict[str, Any]) -> dict[str, Any]:
    fields = [{"name": it["text"], "values": [None, None]} for it in target["columns"]]
    return {"refId": target["refId"], "fields": fields}


def _without_rows(target: dict[str, Any]) -> dict[str, Any]:
    fields = [{"name": it["text"], "values": []} for it in target["columns"]]
    return {"refId": target["refId"], "fields": fields}


@pytest.mark.parametrize("kind", ["nulls", "no row"])
@pytest.mark.parametrize("name", NAMES)
def test_a_chart_without_data_says_so_in_words(name: str, kind: str, drawn: Drawn) -> None:
    for chart in drawn.of(name, kind):
        assert len(chart["words"]) > 10, chart
