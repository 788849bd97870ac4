"""What holds for every dashboard, whatever it shows."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from grafana.source import __main__ as source
from grafana.source.fields import FIELDS
from grafana.source.plugins import BUSINESS_CHARTS, CHARTS, HTML_GRAPHICS
from inmet_platform_tests.embedded import ROOT
from inmet_platform_tests.grafana.dashboards import (
    FOLDER,
    NAMES,
    code_of,
    load,
    panels,
    texts,
    variables_in,
)
from inmet_platform_tests.infra.compose import services

DATASOURCE = yaml.safe_load((ROOT / "grafana/provisioning/datasources/infinity.yaml").read_text())[
    "datasources"
][0]

each_dashboard = pytest.mark.parametrize("name", NAMES)


def test_generating_again_changes_nothing(tmp_path: Path) -> None:
    # Another process, so that no order of a set or of a dict is shared with this one.
    code = (
        "import sys; from pathlib import Path; from grafana.source import __main__ as it;"
        "it.TARGET = Path(sys.argv[1]); it.main()"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True, capture_output=True
    )
    again = {path.name: path.read_bytes() for path in tmp_path.rglob("*.json")}
    assert again == {path.name: path.read_bytes() for path in FOLDER.rglob("*.json")}


def test_a_dashboard_that_no_source_makes_any_more_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old.json").write_text("{}")
    monkeypatch.setattr(source, "TARGET", tmp_path)
    source.main()
    assert sorted(path.stem for path in tmp_path.glob("*.json")) == NAMES


@each_dashboard
def test_file_provisioning_takes_it(name: str) -> None:
    found = load(name)
    assert found["schemaVersion"] == 42
    assert "apiVersion" not in found  # classic, not v2
    assert found["timezone"] == "America/Sao_Paulo"
    assert found["editable"] is False
    assert not any(key in found for key in ("__inputs", "__requires"))
    assert (FOLDER / f"{name}.json").stat().st_size < 200_000


def test_no_two_dashboards_share_an_address_or_a_title() -> None:
    found = [load(name) for name in NAMES]
    assert len({it["uid"] for it in found}) == len({it["title"] for it in found}) == len(NAMES)
    assert "Classificação da Intensidade da Chuva" in {it["title"] for it in found}


@each_dashboard
def test_panels_have_ids_of_their_own_and_do_not_overlap(name: str) -> None:
    ids = [panel["id"] for panel in panels(name)]
    assert len(set(ids)) == len(ids)
    cells: set[tuple[int, int]] = set()
    for panel in panels(name):
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        mine = set(
            itertools.product(range(at["x"], at["x"] + at["w"]), range(at["y"], at["y"] + at["h"]))
        )
        assert not cells & mine, panel["title"]
        cells |= mine
    height = max(y for _, y in cells) + 1
    assert len(cells) == 24 * height, "a hole between the panels"


@each_dashboard
def test_every_panel_has_words_a_unit_and_the_word_for_missing(name: str) -> None:
    for panel in panels(name):
        assert len(panel["title"]) > 2
        assert len(panel["description"]) > 20, panel["title"]
        assert panel["description"].endswith("Fonte: INMET.")
        defaults = panel["fieldConfig"]["defaults"]
        assert defaults["unit"], panel["title"]
        assert defaults["noValue"] == "sem dado"
    assert "Fonte: INMET" in load(name)["description"]


@each_dashboard
def test_no_line_is_drawn_across_a_gap(name: str) -> None:
    for panel in panels(name):
        if panel["type"] in ("timeseries", "trend"):
            assert panel["fieldConfig"]["defaults"]["custom"]["spanNulls"] is False


@each_dashboard
def test_only_the_provisioned_datasource_is_asked(name: str) -> None:
    wanted = {"type": DATASOURCE["type"], "uid": DATASOURCE["uid"]}
    variables = load(name)["templating"]["list"]
    targets = [target for panel in panels(name) for target in panel["targets"]]
    asked = [it["datasource"] for it in (*panels(name), *targets) if "datasource" in it]
    asked += [it["datasource"] for it in variables if it["type"] == "query"]
    assert len(asked) == len(panels(name)) + len(targets) + 1
    assert all(it == wanted for it in asked)


@each_dashboard
def test_plugins_are_of_the_version_that_compose_installs(name: str) -> None:
    told = services()["grafana"]["environment"]["GF_PLUGINS_PREINSTALL_SYNC"]
    installed = dict(it.strip().split("@") for it in told.split(","))
    for panel in panels(name):
        if panel["type"] in (HTML_GRAPHICS[0], BUSINESS_CHARTS[0]):
            assert panel["pluginVersion"] == installed[panel["type"]]


BUILT_IN = {"__from", "__to", "__value", "__url_time_range"}


@each_dashboard
def test_every_variable_is_defined_and_every_defined_one_used(name: str) -> None:
    defined = {it["name"] for it in load(name)["templating"]["list"]}
    used: set[str] = set()
    for panel in panels(name):
        code = set(code_of(panel))
        for text in texts(panel):
            if text not in code:
                used |= variables_in(text)
        for text in code:
            used |= {
                variable
                for found in re.findall(r'replaceVariables\("([^"]*)"\)', text)
                for variable in variables_in(found)
            }
    assert used - BUILT_IN <= defined
    assert defined <= used


@each_dashboard
def test_the_station_and_the_period_go_along_to_every_other_dashboard(name: str) -> None:
    [link] = load(name)["links"]
    assert link["type"] == "dashboards"
    assert (link["includeVars"], link["keepTime"]) == (True, True)
    assert all(set(link["tags"]) <= set(load(other)["tags"]) for other in NAMES)


@each_dashboard
def test_nothing_outside_the_deployment_is_named(name: str) -> None:
    for text in texts(load(name)):
        assert not re.search(r"\w+://|//\w+\.\w+|url\(|@import", text), text[:200]


def test_a_relative_address_is_put_after_the_datasource_s_own() -> None:
    assert DATASOURCE["url"] == services()["data"]["environment"]["DATA_URL"]
    assert DATASOURCE["jsonData"]["allowedHosts"] == [DATASOURCE["url"]]


def test_no_column_is_declared_that_no_query_asks_for() -> None:
    asked = {
        column["text"]
        for name in NAMES
        for panel in panels(name)
        for target in panel["targets"]
        for column in target["columns"]
    }
    assert set(FIELDS) == asked


def _targets() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{name}: {panel['title']}", target)
        for name in NAMES
        for panel in panels(name)
        for target in panel["targets"]
    ]


@pytest.mark.parametrize(("where", "target"), _targets(), ids=[it[0] for it in _targets()])
def test_every_query_is_parsed_by_the_backend_and_types_every_column(
    where: str, target: dict[str, Any]
) -> None:
    assert (target["type"], target["source"], target["parser"]) == ("json", "url", "backend")
    assert re.fullmatch(r"/[a-z-]+", target["url"])
    assert target["url_options"]["method"] == "GET"
    names = [column["text"] for column in target["columns"]]
    assert names
    assert len(set(names)) == len(names)
    for column in target["columns"]:
        assert column["type"] in ("string", "number", "timestamp", "boolean")
        # Infinity's own guess of a time's form would lose offsets.
        assert (column["type"] == "timestamp") == ("timestampFormat" in column)


@each_dashboard
def test_every_chart_is_the_text_of_its_files(name: str) -> None:
    charts = [it for it in panels(name) if it["type"] == BUSINESS_CHARTS[0]]
    assert charts
    text = {path.stem: path.read_text() for path in CHARTS.glob("*.js")}
    for panel in charts:
        [code] = code_of(panel)
        body, call = code.rsplit("return ", 1)
        [function] = re.findall(r"^(\w+)\(", call)
        [own] = [stem for stem, it in text.items() if f"function {function}(" in it]
        shared = text["colours"] + text["common"] + text["grafana"]
        assert body.startswith(shared)
        assert body.endswith(text[own])
        rest = body[len(shared) : -len(text[own])]
        assert rest in ("", text["brazil_outline"])
