"""The header of the dashboards, run in a browser as HTML Graphics runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grafana.source.plugins import HTML_GRAPHICS
from inmet_platform_tests.grafana.chromium import needs_chromium, run
from inmet_platform_tests.grafana.dashboards import NAMES, panels

pytestmark = needs_chromium

# The shadow root and the arguments that HTML Graphics 2 gives to onRender.
SHOW = """
const host = document.body.appendChild(document.createElement('div'));
const htmlNode = host.attachShadow({ mode: 'open' });
htmlNode.innerHTML = `<style>${given.css}</style>${given.html}`;
window.planted = false;
new Function('htmlNode', 'data', 'codeData', given.code)(
  htmlNode, { series: given.series }, given.codeData);
const told = { planted: window.planted };
for (const it of htmlNode.querySelectorAll('[data-fact]')) told[it.dataset.fact] = it.textContent;
const link = htmlNode.querySelector('a');
told.link = link.hidden ? null : new URL(link.href).search;
told.dot = htmlNode.querySelector('.dot').style.background;
return told;
"""

HOUR_MS = 3_600_000
LAST = 1_609_459_200_000  # 2021-01-01 00:00 UTC, so 31 December at nine in the evening in Brasília


def frame(ref: str, **columns: list[Any]) -> dict[str, Any]:
    """A frame as Grafana gives it to a panel."""
    fields = [{"name": name, "values": values} for name, values in columns.items()]
    return {"refId": ref, "fields": fields}


LATEST = frame(
    "A",
    station_id=["A001"],
    name=["BRASÍLIA"],
    uf=["DF"],
    observed_at=[LAST],
    age_h=[2.0],
    temperature_c=[19.6],
    rain_24h_mm=[1234.5],
    rain_class=["forte"],
)
STATIONS = frame(
    "B",
    station_id=["A000", "A001"],
    first_hour=[0, LAST - 10 * HOUR_MS],
    last_hour=[1, LAST],
    hours=[1, 10],
)


def shown(folder: Path, *series: dict[str, Any]) -> dict[str, Any]:
    """What the header says."""
    options = panels("inmet_chuva")[0]["options"]
    given = {
        "html": options["html"],
        "css": options["css"],
        "code": options["onRender"],
        "codeData": json.loads(options["codeData"]),
        "series": series,
    }
    told: dict[str, Any] = run(folder, SHOW, given)
    return told


@pytest.mark.parametrize("name", NAMES)
def test_every_dashboard_begins_with_the_header(name: str) -> None:
    first = panels(name)[0]
    assert first["type"] == HTML_GRAPHICS[0]
    assert json.loads(first["options"]["codeData"])["title"] == first["title"]


def test_facts_are_told_in_the_form_and_the_time_of_brasilia(tmp_path: Path) -> None:
    told = shown(tmp_path, LATEST, STATIONS)
    assert told["title"] == "Classificação da Intensidade da Chuva"
    assert told["station"] == "A001 BRASÍLIA / DF"
    assert told["newest"] == "31/12/2020, 21:00 (há 2 h)"
    assert told["temperature"] == "19,6 °C"
    assert told["rain"] == "1.234,5 mm"
    assert told["class"] == "forte"
    assert told["first"] == "31/12/2020, 11:00"


def test_the_link_goes_to_the_last_year_that_has_data_and_not_before_the_first_hour(
    tmp_path: Path,
) -> None:
    told = shown(tmp_path, LATEST, STATIONS)
    assert told["link"] == f"?from={LAST - 10 * HOUR_MS}&to={LAST}"
    year = 365 * 24 * HOUR_MS
    old = frame("B", station_id=["A001"], first_hour=[0], last_hour=[LAST], hours=[9])
    assert shown(tmp_path, LATEST, old)["link"] == f"?from={LAST - year}&to={LAST}"


def _nulls(of: dict[str, Any]) -> dict[str, Any]:
    return frame(of["refId"], **{field["name"]: [None] for field in of["fields"]})


def _empty(of: dict[str, Any]) -> dict[str, Any]:
    return frame(of["refId"], **{field["name"]: [] for field in of["fields"]})


@pytest.mark.parametrize(
    "series",
    [(), (_nulls(LATEST), _nulls(STATIONS)), (_empty(LATEST), _empty(STATIONS))],
    ids=["no frame", "nulls", "no row"],
)
def test_what_is_missing_is_said_and_never_zero(tmp_path: Path, series: Any) -> None:
    told = shown(tmp_path, *series)
    for fact in ("station", "newest", "temperature", "rain", "class", "first"):
        assert told[fact] == "sem dado", fact
    assert told["link"] is None


def test_a_station_s_name_is_text_and_never_markup(tmp_path: Path) -> None:
    name = '<img src=x onerror="window.planted = true"></script>'
    told = shown(tmp_path, frame("A", station_id=["A001"], name=[name], uf=["DF"]), STATIONS)
    assert told["station"] == f"A001 {name} / DF"
    assert told["planted"] is False
