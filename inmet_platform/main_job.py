"""The main job, `inmet run FILE…`: upload, the chain, the result."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inmet_platform.bootstrap import bootstrap
from inmet_platform.errors import PlatformError, UploadError
from inmet_platform.progress import progress_logger
from inmet_platform.services import configured_services, dagster_home, running
from inmet_platform.settings import Settings
from inmet_platform.settled import remember, settled_outcome
from inmet_platform.uploads import expand, upload

Say = Callable[[str], None]


@dataclass
class Outcome:
    """The run's id and what each asset said of itself."""

    run_id: str
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)


def run_main_job(
    settings: Settings, paths: list[Path], station_id: str | None, say: Say
) -> Outcome:
    """Bring files through the whole chain, with the services that this needs.

    Raises:
        PlatformError: a file is refused, an endpoint fails, or a stage of the chain does.
    """
    paths = expand(paths)
    # The imports of the chain take longer than the start of the services: do both at once, unless
    # the services are there and the files may all be known.
    imports = threading.Thread(target=_import_the_chain, daemon=True)
    services = [item for item in configured_services(settings) if item.name in {"cloud", "upload"}]
    if not all(service.is_ready() for service in services):
        imports.start()
    with running(services, settings.home, on_ready=lambda item: say(f"{item.name} is ready")):
        for sentence in bootstrap(settings):
            say(sentence)
        is_new = False
        for answer in upload(settings, paths, station_id):
            if answer.refusal:
                raise UploadError(answer.refusal)
            say(answer.sentence)
            is_new = is_new or answer.is_new
        if not is_new and (made := settled_outcome(settings)):
            say("nothing is new or pending: this is what the last run made")
            return _nothing_new(made)
        if imports.ident:
            imports.join()
        outcome = run_chain(settings, say)
        remember(settings, outcome)
        return outcome


def _nothing_new(made: dict[str, Any]) -> Outcome:
    """The outcome of the last run, without what was new in it."""
    outcome = Outcome(**made)
    outcome.metadata["snowflake_raw"]["rows_loaded"] = 0
    outcome.metadata["snowflake_clean"]["rows_merged"] = 0
    return outcome


def run_chain(settings: Settings, say: Say) -> Outcome:
    """Run the job `inmet_chain` in this process, telling each stage as it goes."""
    import dagster as dg

    from inmet_platform.definitions import build_defs

    definitions = build_defs(settings, loggers={"console": progress_logger(say)})
    with dg.DagsterInstance.from_config(str(dagster_home(settings.home))) as instance:
        job = definitions.resolve_job_def("inmet_chain")
        result = job.execute_in_process(
            run_config={"loggers": {"console": {}}}, instance=instance, raise_on_error=False
        )
    if not result.success:
        raise PlatformError(_first_failure(result), remedy=f"(Dagster run {result.run_id})")
    outcome = Outcome(result.run_id)
    for event in result.get_asset_materialization_events():
        metadata = event.materialization.metadata
        outcome.metadata[event.materialization.asset_key.to_user_string()] = {
            name: value.value for name, value in metadata.items()
        }
    return outcome


def _first_failure(result: Any) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            if "DagsterExecutionInterruptedError" in error.message:
                raise KeyboardInterrupt
            cause = error.cause or error
            return f"{event.step_key} failed: {cause.message.strip()}"
    return "The chain failed."


def _import_the_chain() -> None:
    import dagster_snowflake  # noqa: F401

    import inmet_platform.definitions  # noqa: F401
