"""Errors of both services as `application/problem+json` (RFC 9457): a sentence, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from inmet_platform.errors import ExportError, PlatformError, StorageError

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 2


class Problem(BaseModel):
    """What went wrong."""

    type: str = Field("about:blank", description="no page tells more than this answer")
    title: str
    status: int
    detail: str = Field(description="one sentence: what was expected, what was found")
    remedy: str = Field("", description="what the sender can do")


class Refusal(PlatformError):
    """A request is refused, with the HTTP status that says how."""

    status = 400
    title = "Refused"


def problem_of(error: PlatformError) -> Problem:
    """An error as its answer's body; storage or exported files that do not answer are a 503."""
    if isinstance(error, Refusal):
        status, title = error.status, error.title
    elif isinstance(error, StorageError):
        status, title = 503, "Storage does not answer"
    elif isinstance(error, ExportError):
        status, title = 503, "Ask again"
    else:
        status, title = 500, "Internal error"
    return Problem(title=title, status=status, detail=error.message, remedy=error.remedy)


def problem(error: PlatformError) -> JSONResponse:
    """An error as a whole answer."""
    body = problem_of(error)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": str(RETRY_AFTER_S)}}
    return JSONResponse(
        body.model_dump(),
        status_code=body.status,
        media_type=PROBLEM_JSON,
        headers=headers.get(body.status),
    )


def add_problem_handlers(
    app: FastAPI, invalid: Callable[[dict[str, Any]], Refusal], *, remedy: str = ""
) -> None:
    """Have every error answered, and documented, in this form.

    Args:
        app: the service.
        invalid: makes a refusal of pydantic's first error of a request.
        remedy: of an unknown path or method.
    """

    @app.exception_handler(PlatformError)
    def _platform_error(_: Request, error: PlatformError) -> JSONResponse:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return problem(invalid(error.errors()[0]))

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> JSONResponse:
        refusal = Refusal(str(error.detail), remedy=remedy)
        refusal.status, refusal.title = error.status_code, HTTPStatus(error.status_code).phrase
        answer = problem(refusal)
        answer.headers.update(error.headers or {})
        return answer

    _document(app)


def _document(app: FastAPI) -> None:
    """FastAPI documents a `responses` model as `application/json`, whatever the handler sends."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            for operations in made()["paths"].values():
                for operation in operations.values():
                    _rename(operation["responses"])
        return made()

    app.openapi = openapi  # type: ignore[method-assign]


def _rename(responses: dict[str, Any]) -> None:
    for code, response in responses.items():
        content = response.get("content", {})
        if code >= "400" and "application/json" in content:
            content[PROBLEM_JSON] = content.pop("application/json")
