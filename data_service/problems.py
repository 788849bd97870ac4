"""What the data service refuses, each with its HTTP status; how errors of its files are told."""

from __future__ import annotations

from typing import Any

import duckdb
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse

from inmet_platform.web.problems import Problem, Refusal, problem


class UnknownStation(Refusal):
    """No such station, or nothing of it where something is needed."""

    status = 404
    title = "Unknown station"


class NoHours(Refusal):
    """The station is known, and has no hour in the period."""

    status = 404
    title = "No hours in this period"


class TooLarge(Refusal):
    """The answer would be larger than the service gives."""

    status = 413
    title = "Too large a range"


class BadParameter(Refusal):
    """A parameter is not as expected."""

    status = 422
    title = "Parameter not as expected"


class Unready(Refusal):
    """Too many requests wait, or the files are just being replaced."""

    status = 503
    title = "Ask again"


PROBLEMS: dict[int | str, dict[str, Any]] = {
    304: {"description": "The data are those of If-None-Match"},
    404: {"model": Problem, "description": "There is no such station"},
    413: {"model": Problem, "description": "The range is too large for one answer"},
    422: {"model": Problem, "description": "A parameter is not as expected"},
    503: {"model": Problem, "description": "Too many requests wait, or nothing can be read now"},
}


def invalid(error: dict[str, Any]) -> Refusal:
    """A parameter that is not as expected, from pydantic's first error."""
    found = "nothing" if error["type"] == "missing" else repr(error.get("input"))
    return BadParameter(
        f"{error['loc'][-1]}: {error['msg']}; found {found}.",
        remedy="GET /docs names every parameter with an example.",
    )


def add_file_handlers(app: FastAPI) -> None:
    """Have errors of DuckDB and of files answered as 503: a later request may go well."""

    # An export replaces and removes files while they are read; the next request finds the new ones.
    @app.exception_handler(FileNotFoundError)
    @app.exception_handler(duckdb.IOException)
    def _replaced(_: Request, __: Exception) -> JSONResponse:
        return problem(Unready("The exported files are just being replaced.", remedy="Ask again."))

    @app.exception_handler(duckdb.OutOfMemoryException)
    def _full(_: Request, __: Exception) -> JSONResponse:
        return problem(
            Unready("The question needs more memory than is left.", remedy="Ask for less.")
        )
