"""One test a status code, and the form of an error."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from data_service import stations
from data_service.app import create_app
from inmet_platform.config.settings import Settings
from inmet_platform.results.result_files import ResultFiles
from inmet_platform_tests.data_service.made import hours, write

ZONES = ("UTC", "America/Manaus", "America/Noronha")
JANUARY = hours("A001", "2024-01-01T00", 744, temperature_c=20.0, precipitation_mm=0.2)
OF_A_STATION = (
    *("/series?variables=temperature_c", "/rain?", "/daily?", "/classes?", "/climatology?"),
    *("/heatmap?variable=temperature_c", "/wind-rose?", "/percentiles?variable=temperature_c"),
    *("/anomalies?", "/records?", "/dry-spells?", "/completeness?", "/quality?", "/latest?"),
    "/forecast?",
)


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert set(body) == {"type", "title", "status", "detail", "remedy"}
    return body


@pytest.mark.parametrize("path", OF_A_STATION)
def test_200_without_files_an_answer_of_the_network_is_empty(
    client: TestClient, path: str, home: Settings
) -> None:
    for network in ("/stations", "/latest", "/forecast", "/model", "/completeness"):
        answer = client.get(network)
        assert answer.status_code == 200
        assert all(not row.get("stations") for row in answer.json()["rows"])
    problem_of(client.get(f"{path}&station=A001"))


@pytest.mark.parametrize("path", OF_A_STATION)
def test_200_a_known_station_without_hours_has_an_answer_without_values(
    client: TestClient, home: Settings, path: str
) -> None:
    write(home, JANUARY)
    answer = client.get(f"{path}&station=A009")
    assert answer.status_code == 200, answer.text
    told = ("precipitation_mm", "temperature_c", "mean", "value", "p50", "rain_mm")
    for row in answer.json()["rows"]:
        assert all(row[name] is None for name in told if name in row)


def test_304_an_unchanged_answer_is_not_sent_again_and_a_changed_one_is(
    client: TestClient, home: Settings
) -> None:
    write(home, JANUARY)
    first = client.get("/rain?station=A001")
    again = client.get("/rain?station=A001", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    write(home, hours("A001", "2024-01-01T00", 700, precipitation_mm=1.0))
    changed = client.get("/rain?station=A001", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.json() != first.json()


def test_an_answer_is_kept_until_a_file_changes(client: TestClient, home: Settings) -> None:
    write(home, JANUARY)
    first = client.get("/stations?tz=UTC")
    assert client.get("/stations?tz=UTC").content == first.content
    assert client.app.state.answers._bodies  # type: ignore[attr-defined]
    write(home, hours("A001", "2024-01-01T00", 5, temperature_c=1.0))
    assert client.get("/stations?tz=UTC").json()["rows"][0]["hours"] == 5


def test_404_an_unknown_station_is_told_with_those_near_it(
    client: TestClient, home: Settings
) -> None:
    write(home, JANUARY)
    assert "A009" in problem_of(client.get("/rain?station=A099"))["remedy"]


def test_404_a_download_of_a_period_without_an_hour_says_which_there_are(
    client: TestClient, home: Settings
) -> None:
    write(home, JANUARY)
    answer = client.get("/download?station=A001&from=2020-01-01&to=2020-01-02")
    assert "2024-01-01 00:00" in problem_of(answer)["remedy"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_405_nothing_can_be_written(client: TestClient, method: str) -> None:
    assert client.request(method, "/stations").status_code == 405


@pytest.mark.parametrize(
    "question",
    [
        "/series?variables=temperature_c&step=hour&from=2020-01-01&to=2024-12-31",
        "/daily?from=2015-01-01&to=2024-12-31",
        "/classes?by=month&from=1970-01-01&to=2024-12-31",
        "/completeness?from=1990-01-01&to=2024-12-31",
        "/rain?from=1910-01-01&to=2024-12-31",
        "/download?from=1910-01-01&to=2024-12-31",
    ],
)
def test_413_too_large_a_range_is_refused_with_a_way_out(
    client: TestClient, home: Settings, question: str
) -> None:
    write(home, [*JANUARY, *hours("A001", "1990-01-01T00", 5, temperature_c=20.0)])
    answer = client.get(f"{question}&station=A001")
    assert answer.status_code == 413, answer.text
    assert problem_of(answer)["remedy"]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("/rain", "station"),
        ("/rain?station=xyz", "station"),
        ("/rain?station=A001&from=soon", "from"),
        ("/rain?station=A001&from=2024-02-01&to=2024-01-01", "Exchange"),
        ("/rain?station=A001&to=9999-12-31", "to"),
        ("/rain?station=A001&tz=Mars/Olympus", "tz"),
        ("/rain?station=A001&tz=../../etc/passwd", "tz"),
        ("/series?station=A001&variables=temperature", "variables"),
        ("/heatmap?station=A001&variable=1;DROP", "variable"),
        ("/percentiles?station=A001&variable=wind_direction_deg", "variable"),
        ("/classes?station=A001&scale=beaufort", "scale"),
    ],
)
def test_422_a_parameter_that_is_not_as_expected_is_named(
    client: TestClient, home: Settings, question: str, named: str
) -> None:
    write(home, JANUARY)
    answer = client.get(question)
    assert answer.status_code == 422
    body = problem_of(answer)
    assert named in body["detail"] + body["remedy"]


def test_503_nothing_is_exported_yet_and_it_says_what_to_do(client: TestClient) -> None:
    assert problem_of(client.get("/ready"))["remedy"] == "Bring files in first: inmet run FILE…"
    assert client.get("/health").json() == {"status": "ok"}


def test_503_a_file_that_is_gone_is_no_server_error(client: TestClient, home: Settings) -> None:
    ResultFiles(home.processed_dir).clean_folder.mkdir(parents=True)
    (ResultFiles(home.processed_dir).clean_folder / "2024.parquet").symlink_to(home.home / "gone")
    problem_of(client.get("/stations"))


def test_503_a_file_that_was_cut_off_is_named_with_the_way_back(
    client: TestClient, home: Settings
) -> None:
    write(home, JANUARY)
    [path] = ResultFiles(home.processed_dir).clean_folder.glob("*.parquet")
    path.write_bytes(path.read_bytes()[:-9])
    told = problem_of(client.get("/stations"))
    assert told["detail"].startswith(f"{path} is damaged")
    assert "writes it again" in told["remedy"]


def test_503_more_than_may_wait_are_sent_away_and_the_others_answered(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, JANUARY)
    begun, may_end = threading.Event(), threading.Event()
    real = stations.places

    def slow(*args: Any) -> Any:
        begun.set()
        assert may_end.wait(30)
        return real(*args)

    monkeypatch.setattr(stations, "places", slow)
    limited = home.model_copy(update={"data_at_once": 1, "data_most_waiting": 1})

    async def scenario() -> list[int]:
        transport = httpx.ASGITransport(create_app(limited))
        async with httpx.AsyncClient(transport=transport, base_url=home.data_url) as client:
            tasks = [asyncio.create_task(client.get("/stations"))]
            await asyncio.to_thread(begun.wait, 30)
            tasks += [asyncio.create_task(client.get(f"/stations?tz={tz}")) for tz in ZONES]
            pending, refused = set(tasks), list[httpx.Response]()
            while len(refused) < 2:
                done, pending = await asyncio.wait(
                    pending, timeout=30, return_when=asyncio.FIRST_COMPLETED
                )
                assert done
                refused += [task.result() for task in done]
            assert (await client.get("/health")).status_code == 200
            may_end.set()
            assert all(problem_of(answer) for answer in refused)
            assert refused[0].headers["retry-after"] == "2"
            return sorted([answer.status_code for answer in await asyncio.gather(*tasks)])

    assert asyncio.run(scenario()) == [200, 200, 503, 503]
