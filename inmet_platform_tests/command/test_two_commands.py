"""Two commands of one home at the same time, each a process of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from inmet_platform_tests.command.typed import inmet, run
from inmet_platform_tests.embedded import free_port, write_home
from inmet_platform_tests.files import small_portal_file

BY_STATION = (
    "SELECT station_id, COUNT(*) AS n, COUNT(DISTINCT observed_at) AS hours FROM {table} "
    "GROUP BY station_id ORDER BY station_id"
)


def test_two_first_runs_of_a_home_bring_both_their_files_through(tmp_path: Path) -> None:
    """Both make what is missing; who is done first leaves the services to the other."""
    write_home(
        tmp_path,
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{free_port()}",
        SNOWFLAKE_PORT=str(free_port()),
        UPLOAD_URL=f"http://127.0.0.1:{free_port()}",
    )
    files = [tmp_path / f"{code}.CSV" for code in ("A001", "A002")]
    for number, file in enumerate(files):
        file.write_bytes(small_portal_file(file.stem, hours=96, seed=number))
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda file: run(["inmet", "run", str(file)], tmp_path), files))
    assert [it.returncode for it in done] == [0, 0], [it.stderr for it in done]
    for table in ("RAW.OBSERVATIONS", "CLEAN.OBSERVATIONS"):
        told = inmet(tmp_path, "sql", BY_STATION.format(table=table), "--format", "csv")
        assert told.stdout == "station_id,n,hours\nA001,96,96\nA002,96,96\n"
    lines = (tmp_path / "data/processed/inmet_clean.csv").read_text().splitlines()
    assert [line[:4] for line in lines[1:]] == ["A001"] * 96 + ["A002"] * 96
