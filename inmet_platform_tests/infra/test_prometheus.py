"""What Prometheus asks is served, and each alert asks what there is and has its page."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from inmet_platform_tests.embedded import ROOT
from inmet_platform_tests.infra.compose import services

FOLDER = ROOT / "infra" / "prometheus"
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"][0][
    "rules"
]
DASHBOARD = ROOT / "grafana" / "dashboards" / "platform" / "inmet_plataforma.json"
SOURCES = ("inmet_platform/automation/metrics.py", "inmet_platform/web/metrics.py")
OTHERS = ("data_service/metrics.py", "upload_service/metrics.py")


def _served() -> set[str]:
    """The names of metrics that the code gives, as they stand in it."""
    text = "".join((ROOT / path).read_text() for path in (*SOURCES, *OTHERS))
    found = set(re.findall(r'_gauge\(\s*"(\w+)"', text))
    counters = set(re.findall(r'Counter\(\s*"inmet_(\w+)"', text))
    histograms = set(re.findall(r'Histogram\(\s*"inmet_(\w+)"', text))
    return {
        *(f"inmet_{name}" for name in found),
        *(f"inmet_{name}_total" for name in counters),
        *(f"inmet_{name}_bucket" for name in histograms),
    }


def _asked(expression: str) -> set[str]:
    return set(re.findall(r"\binmet_\w+", expression))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_asks_what_is_served_and_its_page_says_what_to_do(rule: dict[str, Any]) -> None:
    assert _asked(rule["expr"]) <= _served()
    page = (ROOT / "docs" / "how-to" / "observe.md").read_text(encoding="utf-8")
    assert f"### {rule['alert']}\n" in page


def test_the_dashboard_asks_what_is_served_of_prometheus_alone() -> None:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    assert len(panels) == 11
    for panel in panels:
        assert panel["datasource"] == {"type": "prometheus", "uid": "inmet-prometheus"}
        [target] = panel["targets"]
        assert _asked(target["expr"]) <= _served()
        assert panel["description"].endswith("Fonte: INMET.")


def test_every_target_is_a_service_with_its_port() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    for job in config["scrape_configs"]:
        [target] = job["static_configs"][0]["targets"]
        name, port = target.split(":")
        assert any(it.endswith(f":{port}") for it in services()[name]["ports"])


def test_grafana_asks_the_prometheus_of_the_deployment() -> None:
    path = ROOT / "grafana" / "provisioning" / "datasources" / "prometheus.yaml"
    [source] = yaml.safe_load(path.read_text())["datasources"]
    assert source["url"] == "http://prometheus:9090"
    assert source["uid"] == "inmet-prometheus"
