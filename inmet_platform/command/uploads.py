"""The client of the upload service, for the command line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx

from inmet_platform.config.settings import Settings
from inmet_platform.errors import UploadError
from inmet_platform.ledger.status import FileState, FileStatus

# Reading a yearly zip from a slow disk into S3 takes its time; silence for so long is an error.
TIMEOUT_S = 300.0

# While the service has too much to do, or S3 does not answer, it says when to send again.
MOST_TRIES = 5

# Between two questions where a file is; the sensor looks every few seconds.
ASK_AGAIN_S = 1.0

ENDED = {FileState.CLEAN, FileState.REJECTED, FileState.DUPLICATE}

# The file is at fault, and not the service: the next one may be taken.
REFUSED = {413, 415, 422}


@dataclass(frozen=True)
class UploadedFile:
    """What the service said of one file; `key` is None when it was refused."""

    name: str
    key: str | None
    id: str | None = None
    is_new: bool = False
    refusal: str | None = None

    @property
    def sentence(self) -> str:
        """For a person."""
        if self.key is None:
            return f"refused: {self.refusal}"
        what = "stored" if self.is_new else "known already"
        return f"{self.name}: {what} as {self.key}"


def expand(paths: list[Path]) -> list[Path]:
    """Folders replaced by the CSV and zip files in them.

    Raises:
        UploadError: a path is not there, or a folder holds none.
    """
    found = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in {".csv", ".zip"})
            if not inside:
                raise UploadError(f"{path}: expected CSV or zip files; the folder holds none.")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise UploadError(f"{path}: there is no such file.")
    return found


def upload(
    settings: Settings, paths: list[Path], station_id: str | None, edition_at: str | None = None
) -> Iterator[UploadedFile]:
    """Send files one by one, streamed; yield each answer as it comes, refusals too.

    Args:
        settings: where the service is.
        paths: files.
        station_id: for files that do not name their station.
        edition_at: when INMET published them, in ISO 8601; the service checks it.

    Raises:
        UploadError: the service does not answer, or not as it should.
    """
    form = {"station_id": station_id, "edition_at": edition_at}
    data = {name: value for name, value in form.items() if value}
    with _client(settings) as client:
        for path in paths:
            yield _send(client, path, data)


def await_clean(settings: Settings, uploads: list[UploadedFile]) -> Iterator[str]:
    """Wait until every upload is in CLEAN; yield a sentence as each arrives.

    Args:
        settings: where the service is.
        uploads: what it took.

    Raises:
        UploadError: one was rejected on its way, or the service does not answer.
    """
    with _client(settings) as client:
        for upload_id, name in {item.id: item.name for item in uploads if item.id}.items():
            while (status := _status(client, upload_id)).state not in ENDED:
                time.sleep(ASK_AGAIN_S)
            if status.state is FileState.REJECTED:
                raise UploadError(f"{name} was rejected on its way: {status.error}")
            yield f"{name}: {status.state}"


def _client(settings: Settings) -> httpx.Client:
    headers = {}
    if settings.upload_token:
        headers["Authorization"] = f"Bearer {settings.upload_token.get_secret_value()}"
    return httpx.Client(base_url=settings.upload_url, headers=headers, timeout=TIMEOUT_S)


def _status(client: httpx.Client, upload_id: str) -> FileStatus:
    try:
        answer = client.get(f"/uploads/{upload_id}")
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise UploadError(
            f"The upload service at {client.base_url} does not say where {upload_id} is: {error}.",
            remedy="`inmet status` asks the warehouse instead.",
        ) from error
    return FileStatus.model_validate_json(answer.content)


def _send(client: httpx.Client, path: Path, data: dict[str, str]) -> UploadedFile:
    answer = _posted(client, path, data)
    for _ in range(MOST_TRIES - 1):
        if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            break
        time.sleep(float(answer.headers.get("Retry-After", "1")))
        answer = _posted(client, path, data)
    if answer.status_code in REFUSED:
        return UploadedFile(path.name, None, refusal=str(_refused(path, answer)))
    if not answer.is_success:
        raise _refused(path, answer)
    received = answer.json()["files"][0]
    status = received["file"]
    return UploadedFile(path.name, status["key"], status["id"], received["status"] == 201)


def _posted(client: httpx.Client, path: Path, data: dict[str, str]) -> httpx.Response:
    with path.open("rb") as stream:
        try:
            return client.post("/upload", files={"file": (path.name, stream)}, data=data)
        except httpx.HTTPError as error:
            raise UploadError(
                f"The upload service at {client.base_url} did not take {path.name}: {error}.",
                remedy="Start it with `inmet up`, or check UPLOAD_URL.",
            ) from error


def _refused(path: Path, answer: httpx.Response) -> UploadError:
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        body = answer.json()
        return UploadError(body["detail"], remedy=body.get("remedy", ""))
    return UploadError(
        f"The upload service answered {answer.status_code} to {path.name}: {answer.text[:200]}"
    )
