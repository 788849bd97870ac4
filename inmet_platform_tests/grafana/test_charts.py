"""The charts as the dashboards hold them, on answers of the data service, in a browser.

Their numbers are tested where they are written (inmet_platform_tests/charts); here it is that the
embedded text runs as Business Charts runs it, on frames as Infinity makes them.
"""

from __future__ import annotations

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
return given.charts.map(({ title, code, series }) => {
  const host = document.body.appendChild(document.createElement('div'));
  host.style.cssText = 'width: 900px; height: 420px';
  try {
    const chart = echarts.init(host, given.dark ? 'dark' : null);
    const replaceVariables = (text) => text.replace(/\\$\\{([^}]+)\\}/g, (all, name) => {
      if (!(name in given.variables)) throw new Error(`unknown variable ${all}`);
      return given.variables[name];
    });
    const option = new Function('context', code)({
      panel: { data: { series }, chart },
      grafana: { theme: { isDark: given.dark }, replaceVariables },
    });
    chart.setOption(option);
    const pixels = host.querySelector('canvas').getContext('2d')
      .getImageData(0, 0, 900, 420).data;
    const colours = new Set();
    for (let i = 0; i < pixels.length; i += 4) {
      if (pixels[i + 3] > 200) colours.add(`${pixels[i]},${pixels[i + 1]},${pixels[i + 2]}`);
    }
    const told = { title, colours: colours.size, series: (option.series || []).length,
      option: JSON.stringify(option) };
    chart.dispose();
    return { ...told, words: option.aria.label.description };
  } catch (error) { return { title, error: String(error.stack || error) }; }
});
"""


def charts(name: str) -> list[dict[str, Any]]:
    return [it for it in panels(name) if it["type"] == BUSINESS_CHARTS[0]]


def drawn(folder: Path, name: str, frames: Any, dark: bool = False) -> list[dict[str, Any]]:
    """What each chart of a dashboard came to; `frames(target)` is what it is given."""
    given = {
        "dark": dark,
        "variables": VARIABLES,
        "charts": [
            {
                "title": panel["title"],
                "code": code_of(panel)[0],
                "series": [frames(target) for target in panel["targets"]],
            }
            for panel in charts(name)
        ],
    }
    told: list[dict[str, Any]] = run(folder, DRAW, given, (ECHARTS,))
    assert [it["error"] for it in told if "error" in it] == []
    return told


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_every_chart_draws_what_the_service_answers(
    name: str, dark: bool, ask: Ask, tmp_path: Path
) -> None:
    for chart in drawn(tmp_path, name, lambda target: frame(target, ask(target)), dark):
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


@pytest.mark.parametrize("frames", [_of_nulls, _without_rows], ids=["nulls", "no row"])
@pytest.mark.parametrize("name", NAMES)
def test_a_chart_without_data_says_so_in_words(name: str, frames: Any, tmp_path: Path) -> None:
    for chart in drawn(tmp_path, name, frames):
        assert len(chart["words"]) > 10, chart
