"""Prints the progress of a chain line by line: each stage with its seconds."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import dagster as dg

STAGES = {
    "raw_s3_file": "read the files, lay them out for Snowpipe",
    "snowflake_raw": "wait for Snowpipe to load RAW",
    "snowflake_clean": "merge into CLEAN",
    "inmet_clean_csv": "write the clean CSV",
    "trained_model": "train the rain model",
    "rain_forecast": "forecast the next hour",
}


JUDGING = {
    "judge_clean": "judge the years of CLEAN anew",
    "write_files": "write the years that changed",
}


def progress_logger(
    say: Callable[[str], None], stages: dict[str, str] = STAGES
) -> dg.LoggerDefinition:
    """A Dagster logger that tells `say` of each stage, and of what the stages say themselves."""

    def make(_: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("inmet", logging.DEBUG)
        logger.addHandler(_Teller(say, stages))
        return logger

    return dg.LoggerDefinition(make, description="Progress for a person at a terminal")


class _Teller(logging.Handler):
    def __init__(self, say: Callable[[str], None], stages: dict[str, str]) -> None:
        super().__init__(logging.DEBUG)
        self._say, self._stages = say, stages
        self._started_at: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        meta: dict[str, Any] = getattr(record, "dagster_meta", {})
        step, event = meta.get("step_key"), meta.get("dagster_event")
        if step not in self._stages:
            return
        if event is None and record.levelno >= logging.INFO:
            self._say(f"      {meta.get('orig_message')}")
        elif event is not None and event.is_step_start:
            self._started_at[step] = time.monotonic()
            number = list(self._stages).index(step) + 1
            self._say(f"[{number}/{len(self._stages)}] {step}: {self._stages[step]}")
        elif event is not None and event.is_step_success:
            self._say(f"      done in {time.monotonic() - self._started_at[step]:.1f} s")
