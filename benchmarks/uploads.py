"""The upload service under load: many clients at once, and one zip of a gigabyte.

    python -m benchmarks.uploads

A process of its own, on loopback, before a bucket of its own. First 1,000 files from 50 clients,
each of which sends again when it is told to; then a zip that holds a gigabyte.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks.memory import PeakMemory
from inmet_platform.config.settings import Settings
from inmet_platform_tests.embedded import EmbeddedCloud, clean_environ, free_port, written_anew
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.processes import ROOT, answers, await_that, end

FILES, CLIENTS = 1000, 50
ZIP_BYTES = 1_000_000_000
HOURS = 8784
TIMEOUT_S = 900.0


def main() -> None:
    """Measure and print Markdown."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="inmet-uploads-") as name:
        folder = Path(name)
        cloud = EmbeddedCloud(folder / "cloud")
        cloud.start()
        try:
            storage = cloud.storage(folder / "home")
            settings = written_anew(
                storage,
                folder / "home",
                UPLOAD_URL=f"http://127.0.0.1:{free_port()}",
                UPLOAD_MAX_BYTES=str(ZIP_BYTES * 2),
            )
            with _served(settings) as process, PeakMemory(process.pid) as memory:
                time.sleep(1.0)
                print(f"Idle: {max(memory.peaks_mb.values()):,} MB")
                _many(settings)
                print(f"Peak memory of the process: {max(memory.peaks_mb.values()):,} MB")
                _one_large(settings, folder)
                print(f"Peak memory of the process: {max(memory.peaks_mb.values()):,} MB")
        finally:
            cloud.stop()


@contextmanager
def _served(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    with (settings.home / "upload.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "upload_service"],
            cwd=ROOT,
            env=clean_environ(settings.home),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        await_that(answers(f"{settings.upload_url}/health"), settings.home / "upload.log", process)
        yield process
    finally:
        end(process)


def _many(settings: Settings) -> None:
    """Every client sends its share, one file after the other."""
    files = [small_portal_file(f"A{n:03}", hours=HOURS, seed=n) for n in range(20)]
    codes: Counter[int] = Counter()
    seconds: list[float] = []

    def send(number: int) -> None:
        # Each is another file: the first hour's station differs.
        data = files[number % 20].replace(b"TESTE", f"T{number:04}".encode())
        began = time.monotonic()
        while True:
            with httpx.Client(base_url=settings.upload_url, timeout=TIMEOUT_S) as client:
                answer = client.post("/upload", files={"file": (f"{number}.CSV", data)})
            codes[answer.status_code] += 1
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(float(answer.headers["Retry-After"]))
        seconds.append(time.monotonic() - began)

    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(send, range(FILES)))
    took = time.monotonic() - began
    told = ", ".join(f"{count} times {code}" for code, count in sorted(codes.items()))
    print(
        f"{FILES:,} files of {len(files[0]) / 1e6:.1f} MB from {CLIENTS} clients: {took:.0f} s, "
        f"{told}; a file {statistics.median(seconds):.1f} s in the middle, {max(seconds):.1f} s "
        "at most."
    )


def _one_large(settings: Settings, folder: Path) -> None:
    """One zip that packs nothing, so that it is as large as what it holds."""
    path, data = folder / "large.zip", small_portal_file(hours=HOURS)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number in range(ZIP_BYTES // len(data) + 1):
            archive.writestr(f"A{number:04}.CSV", data)
    host, port = urlsplit(settings.upload_url).hostname, urlsplit(settings.upload_url).port
    began = time.monotonic()
    with (
        path.open("rb") as stream,
        httpx.Client(base_url=f"http://{host}:{port}", timeout=TIMEOUT_S) as client,
    ):
        answer = client.post("/upload", files={"file": (path.name, stream)})
    took = time.monotonic() - began
    size = path.stat().st_size / 1e6
    print(f"One zip of {size:,.0f} MB: {answer.status_code} after {took:.0f} s.")


if __name__ == "__main__":
    main()
