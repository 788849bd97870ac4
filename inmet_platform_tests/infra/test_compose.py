"""docker-compose.yml against what stands around it: .env.example, its page, the dashboards."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from inmet_platform.config.settings import Settings
from inmet_platform_tests.embedded import ROOT, example_environment
from inmet_platform_tests.infra.compose import (
    DOCKERFILE,
    FILLED_IN,
    PATH,
    VARIABLE,
    Wanted,
    copied,
    filled_in,
    interpolate,
    raw,
    services,
)

SERVICES = services()
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN")
VERSION = re.compile(r":v?\d+\.\d+\.\d+")

# What a container needs no word of: where it lies, what `inmet up` starts, what people click on.
NOT_IN_CONTAINERS = {
    *("home", "inmet_services", "station_catalogue", "mlflow_url"),
    # Roles, users and monitor are made once, by whoever may, from a machine of theirs.
    *("bootstrap_account", "snowflake_credit_quota"),
    *("snowflake_storage_external_id", "snowflake_storage_role_arn"),
    *("snowflake_loader_public_key_path", "snowflake_reader_public_key_path"),
}

# Panels that Grafana itself brings.
OWN_PANELS = {
    *("row", "text", "timeseries", "stat", "table", "gauge", "bargauge", "barchart", "piechart"),
    *("histogram", "heatmap", "geomap", "state-timeline", "status-history", "xychart", "dashlist"),
}
OWN_SOURCES = {
    *("grafana", "datasource", "-- Grafana --", "-- Mixed --", "-- Dashboard --", "prometheus")
}


def _expressions() -> list[re.Match[str]]:
    text = "".join(
        line for line in PATH.read_text().splitlines(True) if not line.lstrip().startswith("#")
    )
    return [found for found in VARIABLE.finditer(text) if found["name"]]


def test_every_variable_is_told_in_the_example() -> None:
    assert {found["name"] for found in _expressions()} <= set(example_environment())


def test_every_setting_of_the_platform_reaches_the_containers() -> None:
    told = {
        name.lower() for service in SERVICES.values() for name in service.get("environment", ())
    }
    settings = set(Settings.model_fields) - NOT_IN_CONTAINERS
    assert settings - told == {"mlflow_artifact_root"}  # there the artifacts are in a bucket


@pytest.mark.parametrize("name", sorted(FILLED_IN))
def test_an_empty_value_that_is_wanted_is_refused_and_the_sentence_says_what_to_set(
    name: str,
) -> None:
    with pytest.raises(Wanted, match=f"^{name}$"):
        interpolate(raw(), filled_in(**{name: ""}))
    sentences = [found["word"] for found in _expressions() if found["name"] == name]
    assert any(sentences)


def test_who_is_told_of_the_private_key_is_given_it() -> None:
    told = {
        name
        for name, service in SERVICES.items()
        if "SNOWFLAKE_PRIVATE_KEY_PATH" in service.get("environment", ())
    }
    given = {name for name, service in SERVICES.items() if service.get("secrets")}
    assert told - given == {"cloud"}  # which checks sign-in, and signs in nowhere
    assert {"upload", "data", "bootstrap"} <= given


def test_no_secret_has_a_default() -> None:
    defaults = {
        found["name"]: found["word"]
        for found in _expressions()
        if SECRET.search(found["name"]) and (found["operator"] or "").endswith("-")
    }
    assert not any(defaults.values())
    example = example_environment()
    assert not [name for name in FILLED_IN if example[name]]


def _published(service: dict[str, Any]) -> list[str]:
    return service.get("ports", [])


@pytest.mark.parametrize("name", [name for name in SERVICES if _published(SERVICES[name])])
def test_a_published_port_is_on_loopback_and_in_the_documentation(name: str) -> None:
    documented = (ROOT / "docs" / "how-to" / "containers.md").read_text(encoding="utf-8")
    for port in _published(SERVICES[name]):
        address, published, _ = port.split(":")
        assert address == "127.0.0.1"
        assert re.search(rf"\b{published}\b", documented), port
    opened = services(INMET_BIND_ADDRESS="192.0.2.1")[name]
    assert all(port.startswith("192.0.2.1:") for port in _published(opened))


def test_no_two_services_publish_the_same_port() -> None:
    ports = [port.split(":")[1] for service in SERVICES.values() for port in _published(service)]
    assert sorted(ports) == sorted(set(ports))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_bound_and_powerless(name: str) -> None:
    service = SERVICES[name]
    assert VERSION.search(service["image"]), "an image without a version"
    assert service["user"].split(":")[0] not in {"", "0", "root"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["networks"] == ["inside"]
    ends = service["restart"] == "no"
    assert service["healthcheck"].get("disable", False) is ends
    assert ends or service["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_can_come_true(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        ends = SERVICES[needed]["restart"] == "no"
        expected = "service_completed_successfully" if ends else "service_healthy"
        assert how["condition"] == expected
        missing = set(SERVICES[name]["profiles"]) - set(SERVICES[needed]["profiles"])
        assert not missing or how["required"] is False


def test_the_images_base_is_pinned_and_their_last_user_is_not_root() -> None:
    lines = DOCKERFILE.read_text().splitlines()
    stages = {line.split()[-1]: line.split()[1] for line in lines if line.startswith("FROM ")}
    assert all(base in stages or VERSION.search(base) for base in stages.values())
    built = {service["build"]["target"] for service in SERVICES.values() if "build" in service}
    for target in built:
        stage = DOCKERFILE.read_text().partition(f" AS {target}\n")[2].partition("\nFROM ")[0]
        assert re.findall(r"^USER (.*)$", stage, re.MULTILINE) == ["$INMET_UID"]


def test_what_the_images_take_is_there_and_not_ignored() -> None:
    allowed = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    for item in copied():
        assert (ROOT / item).exists(), item
        assert any(item == path or item.startswith(f"{path}/") for path in allowed), item
    assert ".env" not in allowed


def test_on_aws_and_snowflake_nothing_names_the_embedded_cloud() -> None:
    local = {name for name, item in SERVICES.items() if "cloud:" in str(item.get("environment"))}
    assert {"cloud", "bootstrap", "upload", "dagster-code"} <= local
    theirs = services(AWS_ENDPOINT_URL="", SNOWFLAKE_HOST="", SNOWFLAKE_PORT="")
    for name, service in theirs.items():
        values = service.get("environment", {})
        if "cloud" in service["profiles"]:
            assert not [key for key, value in values.items() if re.search(r"\bcloud\b", value)], (
                name
            )
            assert not values.get("SNOWFLAKE_HOST")


def _plugins_installed() -> set[str]:
    listed = SERVICES["grafana"]["environment"]["GF_PLUGINS_PREINSTALL_SYNC"].split(",")
    assert all(re.fullmatch(r"[\w-]+@\d+\.\d+\.\d+", item) for item in listed)
    return {item.partition("@")[0] for item in listed}


def plugins_used(dashboard: Any) -> set[str]:
    """The plugins of a dashboard's panels and datasources that Grafana does not bring itself."""
    if isinstance(dashboard, list):
        return set().union(*map(plugins_used, dashboard))
    if not isinstance(dashboard, dict):
        return set()
    used = set().union(*map(plugins_used, dashboard.values()))
    for panel in dashboard.get("panels", ()):
        used |= {panel["type"]} - OWN_PANELS
    source = dashboard.get("datasource")
    if isinstance(source, dict) and "type" in source:
        used |= {source["type"]} - OWN_SOURCES
    return used


def test_every_plugin_that_grafana_is_told_to_use_is_installed() -> None:
    used = plugins_used(
        [json.loads(path.read_text()) for path in (ROOT / "grafana/dashboards").rglob("*.json")]
    )
    [source] = _datasources()
    assert used | {source["type"]} <= _plugins_installed()


def test_a_plugin_deep_in_a_dashboard_is_found() -> None:
    target = {"datasource": {"type": "some-datasource", "uid": "x"}}
    row = {"type": "row", "panels": [{"type": "some-panel", "targets": [target]}]}
    assert plugins_used({"panels": [row, {"type": "stat"}]}) == {"some-datasource", "some-panel"}


def _datasources() -> list[dict[str, Any]]:
    path = ROOT / "grafana/provisioning/datasources/infinity.yaml"
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text())["datasources"]
    return found


def test_the_datasource_keeps_its_name_and_asks_the_data_service_alone() -> None:
    [source] = _datasources()
    assert (source["name"], source["uid"]) == ("Infinity CSV INMET", "ef5ezkch2esxse")
    settings = SERVICES["data"]["environment"]
    assert source["jsonData"]["allowedHosts"] == [settings["DATA_URL"]]


def test_what_is_provisioned_is_mounted_where_grafana_looks() -> None:
    mounts = dict(volume.split(":")[:2] for volume in SERVICES["grafana"]["volumes"])
    assert mounts["./grafana/provisioning"] == "/etc/grafana/provisioning"
    text = (ROOT / "grafana/provisioning/dashboards/inmet.yaml").read_text()
    [provider] = yaml.safe_load(text)["providers"]
    assert provider["options"]["path"] == mounts["./grafana/dashboards"]
    assert provider["allowUiUpdates"] is False


@pytest.mark.parametrize("name", SERVICES)
def test_every_file_that_is_mounted_is_there_and_every_volume_declared(name: str) -> None:
    for volume in SERVICES[name].get("volumes", ()):
        source = volume.split(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in raw()["volumes"]
