"""The data service over a whole network year: how long its answers take, how large they are.

    python -m benchmarks.data_service FOLDER     (a data/processed with inmet_clean/<year>.parquet)
    python -m benchmarks.data_service 2024.zip   (brought through the chain first)

A process of its own, on loopback. First 200 mixed questions one after the other, each asked for the
first time of files that are warm; then 50 users at once.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks.memory import PeakMemory
from inmet_platform.command.services import configured_services, running
from inmet_platform.config.settings import Settings
from inmet_platform_tests.embedded import clean_environ, free_port, write_home
from inmet_platform_tests.processes import ROOT

QUESTIONS = 200
USERS, EACH = 50, 4
DEADLINE_S = 60.0

# With the station and the months between `from` and `to` still to be drawn.
STATION_PATHS = (
    *("/latest", "/series?variables=temperature_c", "/rain", "/daily", "/classes?by=month"),
    *("/series?variables=temperature_c,humidity_pct,precipitation_mm,wind_speed_ms", "/anomalies"),
    *("/climatology", "/heatmap?variable=temperature_c", "/wind-rose", "/records", "/dry-spells"),
    *("/percentiles?variable=temperature_c", "/completeness", "/quality", "/forecast"),
)
NETWORK_PATHS = ("/stations", "/latest", "/pipeline", "/model", "/completeness")


def main() -> None:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="a processed folder, or a zip of INMET")
    source = parser.parse_args().source.resolve()
    with tempfile.TemporaryDirectory(prefix="inmet-data-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        settings = write_home(
            home,
            DATA_URL=f"http://127.0.0.1:{free_port()}",
            AWS_ENDPOINT_URL=f"http://127.0.0.1:{free_port()}",
            SNOWFLAKE_PORT=str(free_port()),
            UPLOAD_URL=f"http://127.0.0.1:{free_port()}",
            INMET_SERVICES="cloud,upload",
        )
        _fill(settings, source)
        with _served(settings) as process, PeakMemory(process.pid) as memory:
            _measure(settings.data_url)
            cpu_s = _cpu_s(process.pid)
        peak = max(memory.peaks_mb.values())
    answers = QUESTIONS + USERS * EACH
    print(f"\n{cpu_s / answers * 1000:.0f} ms of CPU an answer, all told.")
    print(f"Peak memory of the process: {peak:,} MB.")
    assert peak <= 1024, "more than 1 GB"


def _fill(settings: Settings, source: Path) -> None:
    """Put the exported files in place."""
    if source.is_dir():
        shutil.copytree(source, settings.processed_dir, ignore=shutil.ignore_patterns("*.csv"))
        for stations in source.glob("inmet_stations.csv"):
            shutil.copy(stations, settings.processed_dir)
        return
    os.environ.update(clean_environ(settings.home))
    with running(configured_services(settings), settings.home, on_ready=lambda *_: None):
        command = [str(Path(sys.executable).parent / "inmet"), "run", str(source)]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603


@contextmanager
def _served(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "data_service"]
    with (settings.home / "data.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=clean_environ(settings.home), stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + DEADLINE_S
        while not _is_up(settings.data_url):
            assert time.monotonic() < deadline, (settings.home / "data.log").read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _cpu_s(pid: int) -> float:
    """Seconds of CPU that a process has used: they hold on a busy machine, too."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready").is_success
    except httpx.TransportError:
        return False


def _measure(url: str) -> None:
    draw = random.Random(0)  # noqa: S311 - which questions are asked
    with httpx.Client(base_url=url, timeout=60) as client:
        rows = client.get("/stations").json()["rows"]
        stations = [row["station_id"] for row in rows if row["hours"]]
        newest = max(row["last_hour"] for row in rows if row["hours"])[:10]
        print("| first of all, nothing warm | ms | KB | KB sent |")
        print("|---|---|---|---|")
        for path in NETWORK_PATHS:
            seconds, size, sent = _timed(client, path)
            print(f"| {path} | {seconds * 1000:.0f} | {size / 1000:.0f} | {sent / 1000:.0f} |")
        client.get(f"/rain?station={stations[0]}")
        questions = [_question(draw, stations, newest) for _ in range(QUESTIONS)]
        answers = [(_kind(it), *_timed(client, it)) for it in questions]
    _print_answers(answers)
    _many_at_once(url, draw, stations, newest)


def _question(draw: random.Random, stations: list[str], newest: str) -> str:
    if draw.random() < 0.05:
        return draw.choice(NETWORK_PATHS)
    path = draw.choice(STATION_PATHS)
    month = draw.randint(1, 12)
    period = draw.choice(["", f"&from={newest[:4]}-{month:02}-01", f"&from={newest[:4]}-01-01"])
    takes_period = not path.startswith(("/latest", "/forecast", "/clim", "/anom", "/rec", "/perc"))
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}station={draw.choice(stations)}{period if takes_period else ''}"


def _kind(question: str) -> str:
    path = urlsplit(question).path
    return path if "station=" in question else f"{path} (network)"


def _timed(client: httpx.Client, question: str) -> tuple[float, int, int]:
    started = time.perf_counter()
    answer = client.get(question)
    seconds = time.perf_counter() - started
    assert answer.is_success, (question, answer.text)
    return seconds, len(answer.content), answer.num_bytes_downloaded


def _print_answers(answers: list[tuple[str, float, int, int]]) -> None:
    print(
        f"\n| {QUESTIONS} questions, files warm | number | p50, ms | p95, ms | largest, KB | sent |"
    )
    print("|---|---|---|---|---|---|")
    kinds = sorted({kind for kind, *_ in answers})
    for kind in [*kinds, "all"]:
        of_kind = [rest for name, *rest in answers if kind in {name, "all"}]
        times = [seconds * 1000 for seconds, *_ in of_kind]
        size, sent = (max(rest[place] for rest in of_kind) / 1000 for place in (1, 2))
        print(
            f"| {kind} | {len(times)} | {statistics.median(times):.0f} | {_p95(times):.0f} "
            f"| {size:.0f} | {sent:.0f} |"
        )


def _many_at_once(url: str, draw: random.Random, stations: list[str], newest: str) -> None:
    asked = [[_question(draw, stations, newest) for _ in range(EACH)] for _ in range(USERS)]

    def user(questions: list[str]) -> list[float]:
        with httpx.Client(base_url=url, timeout=60) as client:
            return [_timed(client, it)[0] * 1000 for it in questions]

    started = time.perf_counter()
    with ThreadPoolExecutor(USERS) as pool:
        times = [it for of_user in pool.map(user, asked) for it in of_user]
    seconds = time.perf_counter() - started
    print(
        f"\n{USERS} users at once, {EACH} questions each: no error, p50 "
        f"{statistics.median(times):.0f} ms, p95 {_p95(times):.0f} ms, "
        f"{len(times) / seconds:.0f} answers a second."
    )


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


if __name__ == "__main__":
    main()
