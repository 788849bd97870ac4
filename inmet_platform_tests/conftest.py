"""One embedded cloud a worker; each test that asks gets a tenant of its own.

What tests share (a cloud, a database server) is told with every test that fails; what a machine
lacks is told at the end, with the number of tests that were skipped for it.
"""

from __future__ import annotations

import gc
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.warehouse.sql import Statements
from inmet_platform_tests.embedded import EmbeddedCloud, example_environment, write_home
from inmet_platform_tests.isolation import pytest_exception_interact as pytest_exception_interact
from inmet_platform_tests.mariadb import MariaDb
from inmet_platform_tests.needs import MARIADB, skip_reasons, unmet

if TYPE_CHECKING:
    from inmet_platform_tests.chain.chain import Chain

TOLD_OF_A_LOG = 3000

HERE = Path(__file__).parent
# Each half a minute of work or more. They go first where there are several workers, for else one of
# them works on the last while the others have nothing left.
LONGEST = (
    "cleaning/test_partial_files.py",
    "command/test_command.py",
    "chain/test_interruptions.py",
    "painel/test_painel.py",
    "cleaning/test_editions.py",
    "cleaning/test_judging.py",
    "command/test_up.py",
    "infra/test_failed_training.py",
    "test_notebooks.py",
    "model_registry/test_mlflow_server.py",
    "snowpipe/test_watch.py",
    "chain/test_two_runs.py",
    "warehouse/views/test_stations.py",
    "infra/test_entry_points.py",
    "test_secrets.py",
    "model_registry/test_store_unavailable.py",
    "command/test_stopping.py",
    "chain/test_kills.py",
    "local_cloud/test_snowpipe.py",
    "snowpipe/test_waiting.py",
    "results/test_export.py",
    "automation/test_raw_sensor.py",
    "command/test_two_commands.py",
    "chain/test_chain.py",
    "snowpipe/test_stuck.py",
    "model_registry/test_promotion.py",
    "warehouse/views/test_published.py",
    "model/test_training.py",
    "infra/test_dagster_on_mysql.py",
    "model_registry/test_forecasting.py",
    "intake/test_several_stations.py",
    "snowpipe/test_pipe_recreation.py",
    "assets/test_killed_training.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    places = {HERE / name: place for place, name in enumerate(LONGEST)}
    gone = [str(path) for path in places if not path.is_file()]
    assert gone == [], "conftest.py, LONGEST: correct the names"
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: pytest.TestReport = yield  # type: ignore[assignment]
    if report.failed:
        for server in [*EmbeddedCloud.running, *MariaDb.running]:
            said = server.log.read_text(encoding="utf-8", errors="replace")[-TOLD_OF_A_LOG:]
            report.sections.append((f"end of {server.log}", said))
    return report  # type: ignore[return-value]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Iterator[None]:
    yield
    for sentence in unmet(skip_reasons(terminalreporter.getreports("skipped"))):
        terminalreporter.write_line(sentence, yellow=True)


def pytest_configure() -> None:
    """Look for garbage seldom, as nearly all that is imported stays; hand on default signals.

    How long an example of Hypothesis takes says something of the machine alone.
    """
    gc.set_threshold(100_000)
    hypothesis.settings.register_profile("without a deadline", deadline=None)
    hypothesis.settings.load_profile("without a deadline")
    _hand_on_default_signals()


def _hand_on_default_signals() -> None:
    """Start every process of a test with default signals, whoever started the tests.

    A script's background job ignores SIGINT, and a process hands on what it ignores; what it
    handles is the default in those that it starts.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Under nohup: we go on ignoring a hangup, those that we start do not.
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [*example_environment(), "INMET_HOME", "DAGSTER_HOME"]:
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def embedded_cloud(
    tmp_path_factory: pytest.TempPathFactory, _no_settings_from_outside: None
) -> Iterator[EmbeddedCloud]:
    cloud = EmbeddedCloud(tmp_path_factory.mktemp("cloud"))
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Statements:
    """The statements as the example's settings write them."""
    return Statements(write_home(tmp_path_factory.mktemp("written")))


@pytest.fixture
def settings(embedded_cloud: EmbeddedCloud, tmp_path: Path) -> Settings:
    """A bootstrapped tenant."""
    return embedded_cloud.tenant(tmp_path)


@pytest.fixture(scope="module")
def shared_settings(
    embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """A bootstrapped tenant of all tests of a module, which leave it as they found it."""
    return embedded_cloud.tenant(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def storage(embedded_cloud: EmbeddedCloud, tmp_path: Path) -> Settings:
    """A tenant that has a bucket alone."""
    return embedded_cloud.storage(tmp_path)


@pytest.fixture
def chain(embedded_cloud: EmbeddedCloud, tmp_path: Path) -> Chain:
    """The chain in this process, as the loader of a tenant of its own."""
    from inmet_platform_tests.chain.chain import Chain

    return Chain(embedded_cloud.loaders_tenant(tmp_path), tmp_path)


@pytest.fixture(scope="session")
def with_model_store(
    tmp_path_factory: pytest.TempPathFactory, _no_settings_from_outside: None
) -> Callable[[Settings], Settings]:
    """Gives a home MLflow's tables, empty: to make them takes seconds, to copy them none."""
    from inmet_platform.model_registry.registry import open_client

    made = write_home(tmp_path_factory.mktemp("model-store"))
    open_client(made).search_registered_models()

    def give(settings: Settings) -> Settings:
        settings.state_dir.mkdir(exist_ok=True)
        with closing(sqlite3.connect(made.state_dir / "mlflow.db")) as tables:
            tables.execute("VACUUM INTO ?", (str(settings.state_dir / "mlflow.db"),))
        return settings

    return give


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    """A database server; it answers as MySQL does, whose own packages Debian has not."""
    if not MARIADB.is_met:
        pytest.skip(MARIADB.reason)
    server = MariaDb(tmp_path_factory.mktemp("mariadb"))
    server.start()
    yield server
    server.stop()
