"""Errors as `application/problem+json` (RFC 9457): a sentence, and what to do."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from inmet_platform.errors import PlatformError, StorageError, UnreadableFile


class Problem(BaseModel):
    """What went wrong."""

    title: str
    status: int
    detail: str = Field(description="one sentence: what was expected, what was found")
    remedy: str = Field("", description="what the sender can do")


class Refusal(PlatformError):
    """An upload is refused, with the HTTP status that says how."""

    status = 400
    title = "Refused"


class TooLarge(Refusal):
    """More bytes than the service takes."""

    status = 413
    title = "Too large"

    def __init__(self, most_bytes: int) -> None:
        """Name the limit."""
        super().__init__(
            f"The upload is larger than {most_bytes:,} bytes.",
            remedy="Send fewer files at a time, or raise UPLOAD_MAX_BYTES.",
        )


class NotCsv(Refusal):
    """Neither CSV text nor a zip."""

    status = 415
    title = "Neither CSV nor zip"


class Unreadable(Refusal):
    """A CSV or zip that no reader accepts."""

    status = 422
    title = "Unreadable file"


class NoToken(Refusal):
    """The token is missing or wrong."""

    status = 401
    title = "Token needed"


class Unknown(Refusal):
    """There is no such upload."""

    status = 404
    title = "Unknown upload"


def refusal_of(error: UnreadableFile) -> Refusal:
    """The HTTP form of a reader's refusal: 415 when it is no CSV at all, else 422."""
    kind = NotCsv if error.expected in {"CSV text"} else Unreadable
    return kind(error.message, remedy=error.remedy)


def problem_of(error: PlatformError) -> Problem:
    """An error as its answer's body."""
    if isinstance(error, Refusal):
        status, title = error.status, error.title
    elif isinstance(error, StorageError):
        status, title = 503, "Storage does not answer"
    else:
        status, title = 500, "Internal error"
    return Problem(title=title, status=status, detail=error.message, remedy=error.remedy)


def problem(error: PlatformError) -> JSONResponse:
    """An error as a whole answer."""
    body = problem_of(error)
    headers = {"WWW-Authenticate": "Bearer"} if body.status == 401 else None
    return JSONResponse(
        body.model_dump(),
        status_code=body.status,
        media_type="application/problem+json",
        headers=headers,
    )


def add_problem_handlers(app: FastAPI) -> None:
    """Have every error answered in this form."""

    @app.exception_handler(PlatformError)
    def _platform_error(_: Request, error: PlatformError) -> JSONResponse:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return problem(
            Unreadable(
                f"The request's {where} is not as expected: {first['msg']}.",
                remedy="Send multipart/form-data with one or more fields `file`: "
                "curl -F file=@FILE …/upload",
            )
        )

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> JSONResponse:
        refusal = Refusal(str(error.detail))
        refusal.status, refusal.title = error.status_code, "Refused"
        return problem(refusal)
