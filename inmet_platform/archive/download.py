"""Downloads one whole file, even if the connection breaks off several times.

After a temporary failure it waits, asks again, and continues after the bytes it has. It makes the
requests and keeps the bytes; it knows nothing of S3.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from inmet_platform.archive.answers import check_length, check_status, check_zip, goes_on
from inmet_platform.archive.part_file import Edition, PartFile
from inmet_platform.errors import ArchiveError, ArchiveRefused

# A portal that answers 403 to programs takes this for a browser.
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "application/zip, application/octet-stream, */*;q=0.8",
    # Without compression, because a range counts the bytes that are sent, not those of the file.
    "Accept-Encoding": "identity",
}
TIMEOUT = httpx.Timeout(60.0, connect=15.0)

# The yearly zips have 60 to 120 MB. A far larger answer must not fill the disk.
LARGEST_ZIP_BYTES = 2_000_000_000
# When so many bytes are new, the download makes progress: failures are counted from zero again.
PROGRESS_BYTES = 1_000_000
# A portal that asks to be left alone for longer is not waited for.
LONGEST_PAUSE_S = 120.0


@dataclass(frozen=True)
class Patience:
    """How long to wait before each repetition; there are as many repetitions as pauses."""

    pauses_s: tuple[float, ...] = (2.0, 4.0, 8.0, 16.0, 32.0)
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Watch:
    """Follows a download.

    `told` hears of each request that failed and will be repeated, `moved` of the bytes that have
    come, and of how many there will be.
    """

    told: Callable[[str], object] = lambda _: None
    moved: Callable[[int, int | None], object] = lambda *_: None


def download(
    client: httpx.Client,
    url: str,
    part: PartFile,
    known: Edition | None,
    *,
    patience: Patience,
    watch: Watch,
) -> Edition:
    """Download a zip into its part file and continue after the bytes that are there.

    Args:
        client: what makes the requests.
        url: the zip's address.
        part: where its bytes go; holds the whole zip afterwards.
        known: the edition that we have, which need not be sent again.
        patience: how often, and after which pauses, a request is repeated.
        watch: follows the download.

    Returns:
        The edition that came; `known` itself when the portal still has that.

    Raises:
        ArchiveRefused: the portal has no such zip, or refuses.
        ArchiveError: the first request and every repetition failed.
    """
    pauses, most_bytes = list(patience.pauses_s), part.size_bytes
    while True:
        try:
            return _attempt(client, url, part, known, watch)
        except ArchiveError as error:
            if part.size_bytes >= most_bytes + PROGRESS_BYTES:
                pauses, most_bytes = list(patience.pauses_s), part.size_bytes
            if isinstance(error, ArchiveRefused) or not pauses:
                raise
            pause_s = max(pauses.pop(0), error.retry_after_s)
            if pause_s > LONGEST_PAUSE_S:
                raise
            watch.told(f"{error.message} Trying again in {pause_s:.0f} s.")
            patience.sleep(pause_s)


def _attempt(
    client: httpx.Client, url: str, part: PartFile, known: Edition | None, watch: Watch
) -> Edition:
    headers = {**part.resume_headers(url), **(known.unless_same() if known else {})}
    try:
        with client.stream("GET", url, headers=headers) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED and known:
                part.discard()
                return known
            check_status(url, response)
            edition = _begin_or_go_on(url, response, part)
            if response.status_code != httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                _receive(response, part, edition, watch)
            was_resumed = response.status_code != httpx.codes.OK
    except httpx.TransportError as error:
        raise ArchiveError(
            f"{url}: the connection failed: {str(error) or type(error).__name__}.",
            remedy="What has come is kept: the next try goes on from there.",
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ArchiveRefused(f"{url}: expected a zip; found {error}.") from error
    check_length(part, edition)
    check_zip(url, part, every_member=was_resumed)
    return edition


def _begin_or_go_on(url: str, response: httpx.Response, part: PartFile) -> Edition:
    """The edition whose bytes come: a new one with 200, the part's own with 206 and 416."""
    if response.status_code == httpx.codes.OK:
        edition = Edition.of(url, response)
        part.begin(edition)
        return edition
    begun, found = part.edition, response.headers.get("content-range", "none")
    if begun and begun.agrees_with(response) and goes_on(found, part.size_bytes, begun):
        return begun
    expected = f"bytes {part.size_bytes}-… of {begun.size_bytes if begun else 'unknown'}"
    part.discard()
    raise ArchiveError(
        f"{url}: expected the rest of the same edition ({expected}); found {found}. "
        "What had come is thrown away."
    )


def _receive(response: httpx.Response, part: PartFile, edition: Edition, watch: Watch) -> None:
    done = part.size_bytes
    with part.path.open("ab") as file:
        # Write each piece as it comes: a larger buffer would be lost with the connection.
        for piece in response.iter_raw():
            done += len(piece)
            if max(done, edition.size_bytes or 0) > LARGEST_ZIP_BYTES:
                part.discard()
                raise ArchiveRefused(
                    f"{edition.url}: expected at most {LARGEST_ZIP_BYTES:,} bytes; found more."
                )
            file.write(piece)
            watch.moved(done, edition.size_bytes)
