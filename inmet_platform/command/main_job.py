"""The main job, `inmet run FILE…`: upload, the chain, the result."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from inmet_platform.automation.instance import dagster_home
from inmet_platform.command.last_run import Made, nothing_new, remember
from inmet_platform.command.progress import STAGES, progress_logger
from inmet_platform.command.services import configured_services, running, tell_of_others
from inmet_platform.command.uploads import expand, upload
from inmet_platform.config.file_lock import exclusive_lock
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError, SnowpipeError, UploadError
from inmet_platform.ledger.status import PENDING
from inmet_platform.ledger.status_copy import read_status
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.bootstrap import prepare

Say = Callable[[str], None]


def run_main_job(settings: Settings, paths: list[Path], station_id: str | None, say: Say) -> Made:
    """Bring files through the whole chain, with the services that this needs.

    Raises:
        PlatformError: a file is refused, an endpoint fails, or a stage of the chain does.
    """
    paths = expand(paths)
    services = [item for item in configured_services(settings) if item.name in {"cloud", "upload"}]
    # The chain is imported while services start and files are uploaded. Whatever happens, the
    # imports end here: a process that ends during an import may crash.
    with ThreadPoolExecutor(1) as imports:
        if not all(service.is_ready() for service in services):
            imports.submit(_import_the_chain)
        with running(
            services,
            settings.home,
            on_ready=lambda it, _: say(f"{it.name} is ready"),
            on_others=tell_of_others,
        ):
            for sentence in prepare(settings):
                say(sentence)
            return _bring_through(settings, paths, station_id, say, imports)


def _bring_through(
    settings: Settings,
    paths: list[Path],
    station_id: str | None,
    say: Say,
    imports: ThreadPoolExecutor,
) -> Made:
    """Upload the files, then run the chain, unless it has nothing to do.

    Raises:
        UploadError: files were refused; of several the others went through.
    """
    answers = []
    for answer in upload(settings, paths, station_id):
        answers.append(answer)
        if answer.is_new:
            imports.submit(_import_the_chain)
        if len(paths) > 1 or not answer.refusal:
            say(answer.sentence)
    refusals = [answer.refusal for answer in answers if answer.refusal]
    if len(refusals) == len(paths):
        raise UploadError(refusals[0])
    is_new = any(answer.is_new for answer in answers)
    if not is_new and (made := nothing_new(settings)):
        say("nothing is new or pending: this is what the last run made")
    else:
        imports.submit(_import_the_chain).result()
        made = run_chain(settings, say)
        ids = [answer.id for answer in answers if answer.id]
        _tell_of_stuck(settings, ids, made.get("snowflake_raw", {}), say)
        remember(settings, made)
    if refusals:
        told = f"{len(refusals)} of {len(paths)} files were refused; the results hold the others."
        raise UploadError(f"{told} The first: {refusals[0]}")
    return made


def _tell_of_stuck(settings: Settings, ids: list[str], loading: dict[str, Any], say: Say) -> None:
    """Say what waits for Snowpipe; files of others that do are no failure of this call.

    Raises:
        SnowpipeError: a file of this call is among them.
    """
    if not loading.get("waiting"):
        return
    sentence = f"{loading['waiting']} file(s) still wait for Snowpipe; the results hold all others."
    bucket = Bucket.from_settings(settings)
    known = [status for upload_id in ids if (status := read_status(bucket, upload_id))]
    if mine := [status.name for status in known if status.state in PENDING]:
        raise SnowpipeError(f"{sentence} Of yours: {', '.join(mine)}. {loading['stuck']}")
    say(f"{sentence} {loading['stuck']}")


def run_chain(settings: Settings, say: Say) -> Made:
    """Run the job `inmet_chain` in this process, telling each stage as it goes."""
    return run_job(settings, say, "inmet_chain", STAGES)


def run_job(
    settings: Settings,
    say: Say,
    name: str,
    stages: dict[str, str],
    ops: dict[str, Any] | None = None,
) -> Made:
    """Run a job of the platform in this process.

    Args:
        settings: where the endpoints and Dagster's instance are.
        say: is told each stage as it goes.
        name: of the job.
        stages: its steps, with a few words for each.
        ops: the config of its steps.

    Returns:
        The metadata of what was made, by asset.

    Raises:
        PlatformError: a step failed.
    """
    import dagster as dg

    from inmet_platform.assets.dead_runs import end_dead_runs
    from inmet_platform.definitions import build_defs

    definitions = build_defs(settings, loggers={"console": progress_logger(say, stages)})
    home = dagster_home(settings.home)
    with exclusive_lock(home):  # of two that find no tables, Dagster has the second fail
        instance = dg.DagsterInstance.from_config(str(home))
    with instance:
        end_dead_runs(instance)
        result = definitions.resolve_job_def(name).execute_in_process(
            run_config={"loggers": {"console": {}}, "ops": ops or {}},
            instance=instance,
            raise_on_error=False,
            tags={"inmet/started_by": "inmet"},
        )
    if not result.success:
        raise PlatformError(_first_failure(result), remedy=f"(Dagster run {result.run_id})")
    made = [event.materialization for event in result.get_asset_materialization_events()]
    return {
        it.asset_key.to_user_string(): {
            name: value.value for name, value in it.metadata.items() if _is_plain(value.value)
        }
        for it in made
    }


def _is_plain(value: object) -> bool:
    """Whether a text or a number, as it is kept and told; Dagster's own tables are for its UI."""
    return value is None or isinstance(value, str | int | float)


def _first_failure(result: Any) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            if error.cls_name in {"DagsterExecutionInterruptedError", "KeyboardInterrupt"}:
                raise KeyboardInterrupt
            cause = error.cause or error
            return f"{event.step_key} failed: {cause.message.strip()}"
    return "The chain failed."


def _import_the_chain() -> None:
    import inmet_platform.definitions  # noqa: F401
    from inmet_platform.resources.snowflake import import_snowflake_resource

    import_snowflake_resource()
