"""A step is tried again when an endpoint does not answer, and never when it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from inmet_platform.assets.retries import is_transient, retrying
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError, SignInError
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse import session as warehouse_session
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.embedded import free_port, write_home


def _silent_s3(_: Settings, folder: Path) -> None:
    Bucket.from_settings(
        write_home(folder, AWS_ENDPOINT_URL=f"http://127.0.0.1:{free_port()}")
    ).check()


def _silent_warehouse(_: Settings, folder: Path) -> None:
    with open_session(write_home(folder, SNOWFLAKE_PORT=str(free_port())), tag="test"):
        pass


def _refused_statement(settings: Settings, _: Path) -> None:
    with open_session(settings, tag="test") as session:
        session.query_text("SELECT nothing FROM nowhere")


def _refused_bucket(settings: Settings, _: Path) -> None:
    Bucket.from_settings(settings.model_copy(update={"s3_bucket": "another"})).check()


def _refused_sign_in(_: Settings, __: Path) -> None:
    raise SignInError("Snowflake refused") from ConnectionError()


FAILURES: list[tuple[Callable[[Settings, Path], None], bool]] = [
    (_silent_s3, True),
    (_silent_warehouse, True),
    (_refused_statement, False),
    (_refused_bucket, False),
    (_refused_sign_in, False),
]


@pytest.mark.parametrize(("fails", "transient"), FAILURES)
def test_only_silence_is_transient(
    shared_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fails: Callable[[Settings, Path], None],
    transient: bool,
) -> None:
    monkeypatch.setattr(warehouse_session, "LOGIN_TIMEOUT_S", 1)
    with pytest.raises(PlatformError) as caught:
        fails(shared_settings, tmp_path)
    assert is_transient(caught.value) is transient


@pytest.mark.parametrize(
    ("error", "tries"), [(ConnectionRefusedError, 3), (PlatformError, 1)], ids=["silent", "refused"]
)
def test_a_run_goes_on_when_the_endpoint_answers_again(error: type[Exception], tries: int) -> None:
    """In the process of the run, as every run of the platform."""
    begun: list[int] = []

    @dg.asset
    def made() -> None:
        begun.append(len(begun))
        with retrying(pause_s=0.0):
            if len(begun) < 3:
                raise error("not now")

    defs = dg.Definitions([made], executor=dg.in_process_executor)
    job = defs.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        done = job.execute_in_process(instance=instance, raise_on_error=False)
    assert done.success is (tries == 3)
    assert len(begun) == tries
