"""Errors as `application/problem+json` (RFC 9457): a sentence, and what to do."""

from __future__ import annotations

from typing import Any

import duckdb
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from inmet_platform.errors import ExportError, PlatformError

RETRY_AFTER_S = 2


class Problem(BaseModel):
    """What went wrong."""

    type: str = Field("about:blank", description="no page tells more than this answer")
    title: str
    status: int
    detail: str = Field(description="one sentence: what was expected, what was found")
    remedy: str = Field("", description="what can be done")


class Refusal(PlatformError):
    """A request is refused, with the HTTP status that says how."""

    status = 400
    title = "Refused"


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


def problem(error: PlatformError) -> JSONResponse:
    """An error as a whole answer."""
    refusal = error if isinstance(error, Refusal) else Unready(error.message, remedy=error.remedy)
    body = Problem(
        title=refusal.title, status=refusal.status, detail=refusal.message, remedy=refusal.remedy
    )
    return JSONResponse(
        body.model_dump(),
        status_code=body.status,
        media_type="application/problem+json",
        headers={"Retry-After": str(RETRY_AFTER_S)} if body.status == 503 else None,
    )


def add_problem_handlers(app: FastAPI) -> None:
    """Have every error answered in this form."""

    @app.exception_handler(Refusal)
    @app.exception_handler(ExportError)
    def _known(_: Request, error: PlatformError) -> JSONResponse:
        return problem(error)

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

    @app.exception_handler(RequestValidationError)
    def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        name = first["loc"][-1]
        found = "nothing" if first["type"] == "missing" else repr(first.get("input"))
        return problem(
            BadParameter(
                f"{name}: {first['msg']}; found {found}.",
                remedy="GET /docs names every parameter with an example.",
            )
        )

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> JSONResponse:
        refusal = Refusal(str(error.detail), remedy="GET /docs lists the paths; all are GET.")
        refusal.status, refusal.title = error.status_code, str(error.detail)
        answer = problem(refusal)
        answer.headers.update(error.headers or {})
        return answer
