"""An unfinished download: `<year>.zip.part`, and a note that says which edition its bytes are of.

Both outlive the process. The next process continues where this one stopped, but only with bytes of
the same edition. This module knows files and HTTP headers; it makes no request.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


class Edition(BaseModel):
    """One version of a file on a server, and the headers that distinguish it from the next."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    size_bytes: int | None = None

    @classmethod
    def of(cls, url: str, response: httpx.Response) -> Edition:
        """The edition whose bytes an answer of 200 holds."""
        length = response.headers.get("content-length", "")
        return cls(
            url=url,
            etag=_header(response, "etag"),
            last_modified=_header(response, "last-modified"),
            size_bytes=int(length) if length.isdecimal() else None,
        )

    @property
    def at(self) -> datetime | None:
        """When INMET published it (UTC), if the server says so."""
        try:
            return parsedate_to_datetime(self.last_modified or "").astimezone(UTC)
        except ValueError:
            return None

    def unless_same(self) -> dict[str, str]:
        """Headers that ask for the file only when it is another edition."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    def agrees_with(self, response: httpx.Response) -> bool:
        """Whether the headers of a partial answer, where present, name this edition."""
        etag, modified = _header(response, "etag"), _header(response, "last-modified")
        return etag in (None, self.etag) and modified in (None, self.last_modified)


class PartFile:
    """The bytes that have come so far."""

    def __init__(self, path: Path) -> None:
        """Bind the paths; nothing is read or made yet."""
        self.path = path
        self._note = path.with_name(f"{path.name}.json")

    @property
    def size_bytes(self) -> int:
        """How many bytes there are."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def edition(self) -> Edition | None:
        """The edition of these bytes; None when that is not known."""
        return read_model(self._note, Edition)

    def resume_headers(self, url: str) -> dict[str, str]:
        """Headers that ask for the rest; empty when the download must start from the beginning."""
        edition = self.edition
        if not self.size_bytes or edition is None or edition.url != url:
            return {}
        # If-Range takes a strong ETag, else the date.
        is_strong = edition.etag and not edition.etag.startswith("W/")
        validator = edition.etag if is_strong else edition.last_modified
        if validator is None:
            return {}
        return {"Range": f"bytes={self.size_bytes}-", "If-Range": validator}

    def begin(self, edition: Edition) -> None:
        """Start anew, with bytes of this edition."""
        self.discard()
        write_whole(self._note, edition.model_dump_json())

    def discard(self) -> None:
        """Delete the bytes, then the note, so that bytes never belong to a wrong note."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Replace a small file as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def read_model(path: Path, model: type[M]) -> M | None:
    """What `write_whole` wrote; None when the file is missing or cannot be read."""
    try:
        return model.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _header(response: httpx.Response, name: str) -> str | None:
    # What is not ASCII could not be sent back.
    value: str = response.headers.get(name, "")
    return value if value and value.isascii() else None
