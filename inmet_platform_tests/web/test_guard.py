"""A page of another site reaches no service on this machine; programs and our own pages do."""

from __future__ import annotations

from collections.abc import Callable

import boto3
import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from inmet_platform.config.settings import Settings
from inmet_platform.web.guard import Guard, is_loopback

URL = "http://127.0.0.1:8001"
CROSS = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("told")
    await socket.close()


def _client(url: str = URL) -> TestClient:
    routes = [
        *(
            Route(path, lambda _: PlainTextResponse("told"), methods=["GET", "POST", "PUT"])
            for path in ("/", "/graphql")
        ),
        WebSocketRoute("/socket", _socket),
    ]
    return TestClient(Guard(Starlette(routes=routes), url, posted=("/graphql",)), base_url=url)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 200),
        ("POST", "/", {}, 200),
        ("GET", "/", {"host": "localhost:8001"}, 200),
        ("GET", "/", {"host": "[::1]:8001"}, 200),
        ("GET", "/", {"host": "bucket.localhost:8001"}, 200),
        ("GET", "/", {"host": "evil.example:8001"}, 403),
        ("GET", "/", {"host": "localhost.evil.example"}, 403),
        ("GET", "/", {"host": ""}, 403),
        ("GET", "/", {"host": "192.168.1.7:8001"}, 403),
        ("POST", "/", {"origin": URL}, 200),
        ("POST", "/", {"origin": "http://evil.example"}, 403),
        ("POST", "/", {"origin": "http://127.0.0.1:3000"}, 403),
        ("PUT", "/", {"origin": "null"}, 403),
        ("GET", "/", {"origin": "http://evil.example"}, 403),
        ("GET", "/", CROSS, 403),
        ("POST", "/", LINK, 403),
        ("GET", "/", LINK, 200),
        ("GET", "/", {"sec-fetch-site": "same-origin"}, 200),
        ("GET", "/graphql", {}, 200),
        ("GET", "/graphql", LINK, 403),
        ("GET", "/graphql?query=mutation{a}", {}, 405),
        ("POST", "/graphql", {"origin": URL}, 200),
    ],
)
def test_a_request_is_let_in_by_whom_it_names_and_where_it_comes_from(
    method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = _client().request(method, path, headers=headers)
    assert answer.status_code == status
    assert (answer.text == "told") == (status == 200)
    assert "access-control-allow-origin" not in answer.headers


def test_elsewhere_than_on_loopback_the_names_are_the_networks_matter() -> None:
    client = _client("http://upload:8000")
    assert client.get("/", headers={"host": "inmet.example.org"}).status_code == 200
    assert client.post("/", headers={"origin": "http://evil.example"}).status_code == 403


def test_a_page_of_another_site_opens_no_socket() -> None:
    client, host = _client(), {"host": "127.0.0.1:8001"}
    with client.websocket_connect("/socket", headers={**host, "origin": URL}) as socket:
        assert socket.receive_text() == "told"
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/socket", headers={**host, "origin": "http://evil.example"}),
    ):
        pass


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://0.0.0.0:1", False),
        ("http://upload:8000", False),
        ("https://s3.amazonaws.com", False),
        (None, False),
    ],
)
def test_an_address_is_of_this_machine_alone_or_not(url: str | None, expected: bool) -> None:
    assert is_loopback(url) is expected


def _s3(settings: Settings) -> str:
    return f"{settings.aws_endpoint_url}/{settings.s3_bucket}/raw/a"


def _warehouse(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.snowflake_port}/health"


@pytest.mark.parametrize("address", [_s3, _warehouse])
@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"host": "evil.example"}, CROSS],
    ids=["origin", "host", "fetch"],
)
def test_the_embedded_cloud_is_no_page_of_another_sites(
    storage: Settings, address: Callable[[Settings], str], headers: dict[str, str]
) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        assert httpx.request(method, address(storage), headers=headers).status_code == 403


def test_who_signs_nothing_reads_writes_and_deletes_no_object(storage: Settings) -> None:
    s3 = boto3.client("s3", **storage.aws_client_arguments())
    s3.put_object(Bucket=storage.s3_bucket, Key="raw/a", Body=b"ours")
    bucket = f"{storage.aws_endpoint_url}/{storage.s3_bucket}"
    for method, url in {
        "GET": f"{bucket}?list-type=2",
        "HEAD": _s3(storage),
        "PUT": _s3(storage),
        "DELETE": _s3(storage),
    }.items():
        assert httpx.request(method, url).status_code == 403
    assert s3.get_object(Bucket=storage.s3_bucket, Key="raw/a")["Body"].read() == b"ours"
