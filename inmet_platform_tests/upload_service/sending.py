"""Small files for the upload service, and their way to it."""

from __future__ import annotations

import httpx
from fastapi.testclient import TestClient

from inmet_platform_tests.files import small_portal_file

GOOD = small_portal_file()
BARE = b"\n".join(GOOD.split(b"\n")[8:])


def send(client: TestClient, name: str, data: bytes, **form: str) -> httpx.Response:
    return client.post("/upload", files={"file": (name, data)}, data=form)
