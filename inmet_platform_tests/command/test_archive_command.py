"""`inmet archive` at the terminal, and its job and schedule in Dagster."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console
from typer.testing import CliRunner

from inmet_platform.command.archive_command import fetch_years
from inmet_platform.command.cli import app
from inmet_platform.config.settings import Settings, load_settings
from inmet_platform.definitions import build_defs
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.embedded import EmbeddedCloud, write_home
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.portal import Portal, answering, running_portal

ZIP = zip_of({"a.CSV": small_portal_file()})


@pytest.fixture
def portal() -> Iterator[Portal]:
    with running_portal() as portal:
        portal.publish(2024, ZIP)
        yield portal


@pytest.fixture
def home(settings: Settings, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tenant's home folder, with the test's portal."""
    with (settings.home / ".env").open("a") as dotenv:
        dotenv.write(f"ARCHIVE_URL={portal.url}\n")
    monkeypatch.setenv("INMET_HOME", str(settings.home))
    monkeypatch.setenv("COLUMNS", "200")
    return settings.home


def _raw(home: Path) -> int:
    return len(list(Bucket.from_settings(load_settings(home)).list_raw()))


def test_one_sentence_a_year_and_0_when_all_is_well(home: Path, portal: Portal) -> None:
    portal.publish(2023, ZIP)
    result = CliRunner().invoke(app, ["archive", "2023..2024"])
    assert result.exit_code == 0, result.output
    first, second = result.stdout.splitlines()
    assert first.startswith("2023: stored as raw/")
    assert second.startswith("2024: known already as raw/"), "the same bytes"
    assert result.stderr.splitlines() == [
        f"2023: asking for {portal.url}/2023.zip",
        f"2024: asking for {portal.url}/2024.zip",
    ]
    again = CliRunner().invoke(app, ["archive", "2024"])
    assert again.stdout.startswith("2024: unchanged since 2025-01-06 12:00 UTC, stored as raw/")
    assert _raw(home) == 1


def test_a_year_that_fails_is_told_the_next_is_fetched_and_the_end_is_1(
    home: Path, portal: Portal
) -> None:
    result = CliRunner().invoke(app, ["archive", "2001", "2024"])
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert first.startswith(f"2001: {portal.url}/2001.zip: expected the year's zip; INMET has none")
    assert second.startswith("2024: stored as raw/")


def test_what_is_no_year_is_told_without_asking_the_portal(home: Path, portal: Portal) -> None:
    result = CliRunner().invoke(app, ["archive", "1999"])
    assert result.exit_code == 2
    assert "expected years from 2000 to" in result.stderr
    assert portal.requests == []


def test_help_has_an_example() -> None:
    assert "inmet archive 2000..2023 2024" in CliRunner().invoke(app, ["archive", "--help"]).output


def test_a_terminal_shows_a_bar_with_the_bytes(home: Path) -> None:
    screen = io.StringIO()
    said: list[str] = []
    console = Console(file=screen, force_terminal=True, width=120)
    assert fetch_years(load_settings(home), [2024], said.append, console)
    assert "2024" in screen.getvalue()
    assert re.search(r"([\d.]+)/\1 kB", screen.getvalue()), "so much of so much"
    assert "asking for" not in screen.getvalue()
    assert len(said) == 1


def test_a_bucket_that_is_missing_is_made_when_that_is_configured(
    embedded_cloud: EmbeddedCloud, portal: Portal, tmp_path: Path
) -> None:
    new = {"S3_BUCKET": "bucket-of-the-archive", "SNOWFLAKE_DATABASE": "DB_OF_THE_ARCHIVE"}
    settings = write_home(tmp_path, **embedded_cloud.ports, **new, ARCHIVE_URL=portal.url)
    said: list[str] = []
    assert fetch_years(settings, [2024], said.append, Console(file=io.StringIO()))
    assert said[0].startswith("2024: stored as raw/")


def _run(home: Path, years: list[int]) -> tuple[dg.ExecuteInProcessResult, list[str]]:
    job = build_defs(load_settings(home)).resolve_job_def("fetch_archive")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            instance=instance,
            run_config={"ops": {"fetch_years": {"config": {"years": years}}}},
            raise_on_error=False,
        )
        return result, [entry.user_message for entry in instance.all_logs(result.run_id)]


def test_the_job_logs_a_sentence_a_year(home: Path) -> None:
    result, logged = _run(home, [2024])
    assert result.success
    [sentence] = result.output_for_node("fetch_years")
    assert sentence.startswith("2024: stored as raw/")
    assert sentence in logged


def test_the_job_fails_at_the_end_when_a_year_did(home: Path, portal: Portal) -> None:
    portal.faults = [answering(403)]
    result, logged = _run(home, [2023, 2024])
    assert not result.success
    assert any(line.startswith("2024: stored as raw/") for line in logged)
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "the portal refuses to give it (403 Forbidden)" in str(
        failure.step_failure_data.user_failure_data
    )


def test_the_schedule_is_monthly_and_off_until_somebody_switches_it_on(home: Path) -> None:
    definitions = build_defs(load_settings(home))
    schedule = definitions.get_repository_def().get_schedule_def("running_year_archive")
    assert schedule.cron_schedule == "0 6 5 * *"
    assert schedule.execution_timezone == "America/Sao_Paulo"
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
    with dg.DagsterInstance.ephemeral() as instance:
        tick = schedule.evaluate_tick(dg.build_schedule_context(instance))
    assert tick.run_requests is not None
    [request] = tick.run_requests
    assert request.run_config == {}, "the years are chosen when the run begins"
