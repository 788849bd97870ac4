"""Judges what the portal sends: the status, the part of the file it names, the zip itself.

Every bad answer becomes an error that says what came: `ArchiveRefused` when asking again is of no
use, else `ArchiveError`.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from inmet_platform.archive.part_file import Edition, PartFile
from inmet_platform.errors import ArchiveError, ArchiveRefused

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


def check_status(url: str, response: httpx.Response) -> None:
    """Accept 200, 206 and 416.

    Raises:
        ArchiveRefused: the portal has no such zip, or refuses to give it.
        ArchiveError: the portal is busy or broken.
    """
    code = response.status_code
    if code in (200, 206, 416):
        return
    found = f"{code} {response.reason_phrase}".strip()
    if code in (404, 410):
        raise ArchiveRefused(
            f"{url}: expected the year's zip; INMET has none of that year ({found}).",
            remedy="A year's first zip comes some weeks after its beginning; "
            "for another address set ARCHIVE_URL.",
        )
    if code in (401, 403):
        raise ArchiveRefused(
            f"{url}: expected the year's zip; the portal refuses to give it ({found}), "
            "though it is asked as by a browser.",
            remedy="Try later or from another network; a zip that was fetched otherwise is "
            "stored with `inmet upload`.",
        )
    if code in (408, 425, 429) or code >= 500:
        pause_s = _retry_after_s(response)
        raise ArchiveError(
            f"{url}: expected the year's zip; the portal is busy or broken ({found}).",
            remedy=f"It asks for a pause of {pause_s:,.0f} s." if pause_s else "Try later.",
            retry_after_s=pause_s,
        )
    raise ArchiveRefused(f"{url}: expected the year's zip; found {found}.")


def _retry_after_s(response: httpx.Response) -> float:
    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def goes_on(content_range: str, start: int, edition: Edition) -> bool:
    """Whether Content-Range announces the rest of the edition, or that nothing is left."""
    # 416: every byte is here already. The last process ended before it stored the zip.
    if content_range == f"bytes */{start}":
        return edition.size_bytes in (None, start)
    match = _CONTENT_RANGE.fullmatch(content_range)
    if not match or int(match[1]) != start:
        return False
    return match[2] == "*" or edition.size_bytes in (None, int(match[2]))


def check_length(part: PartFile, edition: Edition) -> None:
    """Keep a file that is too short, because the rest may come; delete one that is too long."""
    found, expected = part.size_bytes, edition.size_bytes
    if expected is None or found == expected:
        return
    if found > expected:
        part.discard()
    raise ArchiveError(
        f"{edition.url}: expected {expected:,} bytes, as announced; found {found:,}."
    )


def check_zip(url: str, part: PartFile, *, every_member: bool) -> None:
    """Delete the file if it is not a whole zip.

    Args:
        url: for the sentence.
        part: the zip.
        every_member: read all members, for a zip that came in several pieces.
    """
    found = _damage(part, every_member=every_member)
    if found:
        part.discard()
        raise ArchiveError(
            f"{url}: expected a whole zip; found {found}.",
            remedy="Try later, or open the address in a browser: the portal may show a page "
            "of its own.",
        )


def _damage(part: PartFile, *, every_member: bool) -> str:
    try:
        with zipfile.ZipFile(part.path) as archive:
            damaged = archive.testzip() if every_member else None
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        return f"{_beginning(part)} ({error})"
    except RuntimeError:  # a password, or a rare compression: for the readers to judge
        return ""
    return f"a damaged {damaged} in it" if damaged else ""


def _beginning(part: PartFile) -> str:
    size = part.size_bytes
    if not size:
        return "no bytes"
    with part.path.open("rb") as file:
        head = file.read(40)
    if head.startswith(b"PK"):
        return f"{size:,} bytes of a damaged one"
    text = head.decode("ascii", errors="replace").strip().split("\n")[0]
    return f"{size:,} bytes that begin with {text!r}"
