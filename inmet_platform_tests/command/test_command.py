"""The command as a user types it, and every way to launch the chain.

The main job and what launches the chain are processes of their own, the rest runs in this one.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inmet_platform.automation.jobs import CHAIN
from inmet_platform.command.services import configured_services, running
from inmet_platform.config.settings import Settings, load_settings
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.command.typed import inmet, run
from inmet_platform_tests.embedded import ROOT, free_port, write_home
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.test_secrets import found_in

SECRETS = {
    "SNOWFLAKE_PASSWORD": "password-of-this-test",
    "UPLOAD_TOKEN": "token-of-this-test",
    "AWS_SECRET_ACCESS_KEY": "secret-key-of-this-test",
}
# The services that `inmet run` needs.
RUN = {"cloud", "upload"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with ports of its own and nothing in it."""
    folder = tmp_path_factory.mktemp("home")
    write_home(
        folder,
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{free_port()}",
        SNOWFLAKE_PORT=str(free_port()),
        UPLOAD_URL=f"http://127.0.0.1:{free_port()}",
        **SECRETS,
    )
    return folder


@pytest.fixture(scope="module")
def done(home: Path) -> subprocess.CompletedProcess[str]:
    """The main job, once, from nothing."""
    sample = home / "sample.csv"
    assert inmet(home, "sample", str(sample), "--year", "2018").returncode == 0
    assert sample.read_bytes() == sample_station_year(2018)[1]
    return run(["inmet", "run", str(sample)], home)


def test_run_brings_a_file_from_nothing_to_csv_and_model(
    home: Path, done: subprocess.CompletedProcess[str]
) -> None:
    assert done.returncode == 0, done.stderr
    for number, asset in enumerate(CHAIN, 1):
        assert f"[{number}/6] {asset}" in done.stdout
    assert "inmet-rain version 1: CSI " in done.stdout
    assert "RAW     8,760 hours of 1 station(s), 8,760 new" in done.stdout
    assert "Fonte dos dados: INMET" in done.stdout
    assert done.stdout.rstrip().endswith("[DONE] Pipeline concluído!")
    with (home / "data/processed/inmet_clean.csv").open(newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 8682


def test_no_secret_is_left_behind_by_the_main_job(
    home: Path, done: subprocess.CompletedProcess[str]
) -> None:
    assert [secret for secret in SECRETS.values() if secret in done.stdout + done.stderr] == []
    assert (home / ".inmet/mlflow.db").is_file()
    assert found_in(home, list(SECRETS.values())) == [], "logs, runs, models, objects, databases"


@pytest.mark.usefixtures("done")
def test_predict_answers_after_a_run_though_no_service_is_left(home: Path) -> None:
    told = inmet(home, "predict", "--station", "Z999", "--format", "csv")
    assert told.returncode == 0, told.stderr
    [row] = csv.DictReader(told.stdout.splitlines())
    assert (row["station_id"], row["model_version"]) == ("Z999", "1")
    assert row["valid_at"] > row["observed_at"]
    assert 0 < float(row["probability_over_5_mm"]) <= float(row["probability_over_0_mm"]) < 1
    assert told.stderr == "inmet-rain version 1; Fonte dos dados: INMET\n"
    table = inmet(home, "predict").stdout
    assert "probability" in table
    assert "Z999" in table
    unknown = inmet(home, "predict", "--station", "A001")
    assert unknown.returncode == 1
    assert unknown.stderr.startswith("inmet: no forecast for A001: expected a station with an ")
    assert "such as Z999." in unknown.stderr


@pytest.mark.usefixtures("done")
def test_sql_answers_after_a_run_though_no_service_is_left(home: Path) -> None:
    told = inmet(home, "sql", "SELECT COUNT(*) AS n FROM CLEAN.OBSERVATIONS", "--format", "csv")
    assert told.stdout == "n\n8682\n"


@pytest.fixture
def served(home: Path) -> Iterator[None]:
    """Cloud and upload service anew, on what the main job left; more than one run finds them."""
    services = [it for it in configured_services(load_settings(home)) if it.name in RUN]
    with running(services, home, on_ready=lambda *_: None):
        yield


@pytest.mark.usefixtures("done", "served")
def test_run_again_loads_nothing_twice_and_refuses_a_bad_file_in_one_sentence(home: Path) -> None:
    missing = inmet(home, "run", str(home / "none.csv"))
    assert missing.stderr == f"inmet: {home / 'none.csv'}: there is no such file.\n"
    bad = home / "bad.csv"
    bad.write_text("import sys\n")
    refused = inmet(home, "run", str(bad))
    assert refused.returncode == 1
    assert refused.stderr.startswith("inmet: bad.csv, line 1: expected a file of INMET")
    assert "Traceback" not in refused.stderr
    again = inmet(home, "run", str(home / "sample.csv"))
    assert "sample.csv: known already as raw/" in again.stdout
    assert "nothing is new or pending" in again.stdout
    both = inmet(home, "run", str(bad), str(home / "sample.csv"))
    assert both.returncode == 1
    assert "refused: bad.csv, line 1" in both.stdout
    assert "sample.csv: known already as raw/" in both.stdout
    assert both.stderr.startswith("inmet: 1 of 2 files were refused; the results hold the others.")
    assert "8,760 hours of 1 station(s), 0 new" in again.stdout
    csv_file = home / "data/processed/inmet_clean.csv"
    before = csv_file.read_bytes()
    csv_file.unlink()
    anew = inmet(home, "run", str(home / "sample.csv"))
    assert "[4/6] inmet_clean_csv" in anew.stdout
    assert csv_file.read_bytes() == before


def test_inspect_reports_for_people_and_for_programs(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    path.write_bytes(zip_of({"a.CSV": small_portal_file(), "b.CSV": b"import sys\n"}))
    told = inmet(tmp_path, "inspect", str(path), "--json")
    assert told.returncode == 1, "one member is refused"
    report = json.loads(told.stdout)
    assert report["reports"][0]["rows"] == 48
    assert report["refusals"][0]["member"] == "b.CSV"
    shown = inmet(tmp_path, "inspect", str(path))
    assert "format        portal, vintage 2020-, latin-1" in shown.stdout
    assert "refused: two.zip, b.CSV, line 1" in shown.stdout
    missing = inmet(tmp_path, "inspect", "none.csv")
    assert "file 'none.csv' does not exist" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_sql_prints_csv(shared_settings: Settings) -> None:
    home = shared_settings.home
    told = inmet(home, "sql", "SELECT 1 AS one, 'a,b' AS two", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    assert rows == [{"one": "1", "two": "a,b"}]
    wrong = inmet(home, "sql", "SELECT nothing")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("inmet: Snowflake refused a statement")


def test_status_and_doctor_tell_how_things_are(shared_settings: Settings) -> None:
    home = shared_settings.home
    status = inmet(home, "status")
    assert status.returncode == 0
    assert "CLEAN   0 hours" in status.stdout
    doctor = inmet(home, "doctor")
    assert "ok    sign-in: inmet at embedded" in doctor.stdout
    lost = inmet(home / "nowhere", "doctor")
    assert lost.returncode == 1
    assert "S3_BUCKET is not set" in lost.stdout


def test_help_shows_an_example() -> None:
    assert "Example: inmet run" in inmet(ROOT, "run", "--help").stdout


@pytest.mark.parametrize(
    "command",
    [
        ["dagster", "asset", "materialize", "--select", "*", "-m", "inmet_platform.definitions"],
        ["dg", "launch", "--assets", "*"],
    ],
    ids=["dagster asset materialize", "dg launch"],
)
def test_every_way_to_launch_brings_all_that_is_pending_through(
    settings: Settings,
    tmp_path: Path,
    command: list[str],
    with_model_store: Callable[[Settings], Settings],
) -> None:
    chain = Chain(with_model_store(settings), tmp_path)
    chain.put("a.CSV", small_portal_file())
    # Dagster's own commands read the .env of the working folder before the environment.
    for name in ("pyproject.toml", "workspace.yaml"):
        (settings.home / name).write_bytes((ROOT / name).read_bytes())
    done = run(command, settings.home, cwd=settings.home)
    assert done.returncode == 0, done.stderr[-3000:]
    assert chain.states() == {"a.CSV": "clean"}
    assert chain.csv.read_text().count("A001") == 48


def test_the_definitions_load_as_workspace_yaml_names_them(shared_settings: Settings) -> None:
    validate = ["dagster", "definitions", "validate", "-w", "workspace.yaml"]
    done = run(validate, shared_settings.home)
    assert done.returncode == 0, done.stderr[-3000:]


def test_the_bootstrap_command_is_idempotent(shared_settings: Settings) -> None:
    assert inmet(shared_settings.home, "bootstrap").returncode == 0
    with open_session(shared_settings, tag="test") as session:
        assert len(session.query_text("SHOW PIPES")) == 3
