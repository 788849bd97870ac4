"""`inmet judge` for a person at a terminal: which years, a line for each, then the files."""

from __future__ import annotations

from collections.abc import Callable

from inmet_platform.cleaning.judging import present_years
from inmet_platform.command.main_job import run_job
from inmet_platform.command.progress import JUDGING
from inmet_platform.command.services import warehouse_running
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError
from inmet_platform.results.manifest import is_current
from inmet_platform.results.result_files import ResultFiles
from inmet_platform.warehouse.bootstrap import prepare
from inmet_platform.warehouse.session import open_session


def judge(settings: Settings, wanted: list[int], say: Callable[[str], None]) -> None:
    """Judge years of CLEAN anew and write their files, with the embedded cloud when it is needed.

    Args:
        settings: where everything is.
        wanted: which years; by default each that was not judged as a whole by today's rules.
        say: is told of each stage and of each year.

    Raises:
        PlatformError: CLEAN does not hold a year that was named, or a step failed.
    """
    with warehouse_running(settings):
        for sentence in prepare(settings):
            say(sentence)
        years = _years(settings, wanted)
        if not years and _files_are_current(settings):
            say("every year is judged by the rules of today, and its files are written")
            return
        config = {"judge_clean": {"config": {"years": years}}}
        run_job(settings, say, "judge_years", JUDGING, config)


def _years(settings: Settings, wanted: list[int]) -> list[int]:
    with open_session(settings, tag="inmet:judge") as session:
        present = {row["of_year"]: row["is_judged"] for row in present_years(session)}
    if absent := sorted(set(wanted) - set(present)):
        raise PlatformError(
            f"expected years that CLEAN holds ({_listed(present)}); found {_listed(absent)}.",
            remedy="`inmet archive YEARS` fetches more years.",
        )
    return sorted(wanted) or [year for year, is_judged in present.items() if not is_judged]


def _files_are_current(settings: Settings) -> bool:
    """Or a call before this one was interrupted between both."""
    with open_session(settings, tag="inmet:judge") as session:
        present = session.query("export/count_by_year")
    return is_current(ResultFiles(settings.processed_dir), present)


def _listed(years: list[int] | dict[int, bool]) -> str:
    return ", ".join(map(str, years)) or "none"
