"""What Prometheus reads of a service: by route, not by path, in its own text format."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from data_service.app import create_app as create_data
from inmet_platform.config.settings import Settings
from inmet_platform_tests.data_service.made import hours, write
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.files import small_portal_file
from upload_service.app import create_app as create_upload

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _answers(found: Samples) -> dict[tuple[str, str], float]:
    return {
        (dict(labels)["route"], dict(labels)["status"]): value
        for (name, labels), value in found.items()
        if name == "inmet_http_requests_total"
    }


def test_the_data_service_counts_answers_by_route_and_tells_what_is_exported(
    tmp_path: Path,
) -> None:
    settings = write_home(tmp_path)
    write(settings, hours("A001", "2024-01-01T00", 24, temperature_c=20.0))
    with TestClient(create_data(settings), base_url=settings.data_url) as client:
        for path in ("/stations", "/stations", "/rain?station=Z999", "/nothing/there"):
            client.get(path)
        found = samples(client.get("/metrics").text)
    assert _answers(found) == {
        ("/stations", "200"): 2,
        ("/rain", "404"): 1,
        ("other", "404"): 1,
    }
    labels = (("route", "/stations"),)
    assert found["inmet_http_request_duration_seconds_count", labels] == 2


def test_the_upload_service_counts_files_by_what_became_of_them(storage: Settings) -> None:
    with TestClient(create_upload(storage), base_url=storage.upload_url) as client:
        good = small_portal_file()
        for name, data in (("a.CSV", good), ("b.CSV", good), ("c.CSV", b"import sys")):
            client.post("/upload", files={"file": (name, data)})
        found = samples(client.get("/metrics").text)
    outcomes = {
        dict(labels)["outcome"]: value
        for (name, labels), value in found.items()
        if name == "inmet_upload_files_total"
    }
    assert outcomes == {"stored": 1, "known": 1, "refused": 1, "failed": 0}
