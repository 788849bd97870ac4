"""Failed runs and checks reach one webhook, once each, and its address reaches no sentence."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from inmet_platform.automation.alerts import alert_of_failed_checks, alert_of_failed_runs
from inmet_platform.definitions import build_defs
from inmet_platform.resources import alerts as resource
from inmet_platform.resources.alerts import AlertWebhook
from inmet_platform_tests.embedded import free_port, write_home

SECRET = "hush-hush"


class Webhook:
    """A server that keeps what is posted; it answers with `status`, or not at all."""

    def __init__(self) -> None:
        self.told: list[dict[str, str]] = []
        self.status, self.answers = 200, threading.Event()
        self.answers.set()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.answers.wait(30)
                if hook.status == 200:
                    hook.told.append(json.loads(body))
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/{SECRET}"


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    made = Webhook()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.answers.set()
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def alerts_to(url: str, folder: Path) -> AlertWebhook:
    return AlertWebhook(home=str(write_home(folder, ALERT_WEBHOOK_URL=url).home))


@dg.asset
def broken() -> None:
    raise ValueError("expected rain; found none")


@dg.asset_check(asset=broken, name="is_dry")
def is_dry() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False)


DEFS = dg.Definitions([broken], asset_checks=[is_dry], executor=dg.in_process_executor)


def test_a_failed_run_is_told_with_its_cause_and_its_page(webhook: Webhook, tmp_path: Path) -> None:
    job = DEFS.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        done = job.execute_in_process(instance=instance, raise_on_error=False)
        [failure] = [event for event in done.all_events if event.is_run_failure]
        context = dg.build_run_status_sensor_context(
            "alert_of_failed_runs", failure, instance, done.dagster_run
        ).for_run_failure()
        alert_of_failed_runs(context, alerts=alerts_to(webhook.url, tmp_path))
    [told] = webhook.told
    assert "broken: ValueError: expected rain; found none" in told["text"]
    assert told["page"] == f"http://127.0.0.1:3001/runs/{done.run_id}"


def test_a_failed_check_is_told_once_and_again_after_it_has_passed(
    webhook: Webhook, tmp_path: Path
) -> None:
    alerts, cursor = alerts_to(webhook.url, tmp_path), None
    with dg.DagsterInstance.ephemeral() as instance:

        def tick(*, passed: bool) -> int:
            nonlocal cursor
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(asset_key=broken.key, check_name="is_dry", passed=passed)
            )
            context = dg.build_sensor_context(
                instance, cursor, repository_def=DEFS.get_repository_def()
            )
            result = alert_of_failed_checks(context, alerts=alerts)
            assert isinstance(result, dg.SensorResult)
            cursor = result.cursor
            assert SECRET not in str(result)
            return len(webhook.told)

        assert tick(passed=True) == 0
        assert tick(passed=False) == 1
        assert tick(passed=False) == 1
        assert tick(passed=True) == 1
        webhook.status = 500
        assert tick(passed=False) == 1
        webhook.status = 200
        assert tick(passed=False) == 2, "what was not delivered is sent again"
    assert "ERROR: the check is_dry of broken failed." in webhook.told[0]["text"]


def test_a_webhook_that_is_silent_or_refuses_is_told_without_its_address(
    webhook: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "TIMEOUT_S", 0.3)
    nowhere = alerts_to(f"http://127.0.0.1:{free_port()}/{SECRET}", tmp_path).send("x", "/")
    assert nowhere == "ALERT_WEBHOOK_URL did not answer: ConnectError."
    here = alerts_to(webhook.url, tmp_path)
    webhook.answers.clear()
    assert here.send("x", "/") == "ALERT_WEBHOOK_URL did not answer: ReadTimeout."
    webhook.answers.set()
    webhook.status = 403
    assert here.send("x", "/") == "ALERT_WEBHOOK_URL answered 403; expected 2xx."


@pytest.mark.parametrize(("url", "count"), [("", 0), ("http://127.0.0.1:1/x", 2)])
def test_the_sensors_are_there_when_a_webhook_is_set(tmp_path: Path, url: str, count: int) -> None:
    sensors = build_defs(write_home(tmp_path, ALERT_WEBHOOK_URL=url)).sensors or []
    names = [it.name for it in sensors if it.name.startswith("alert_")]  # type: ignore[union-attr]
    assert len(names) == count
