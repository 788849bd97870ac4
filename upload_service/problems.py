"""What the upload service refuses, each with its HTTP status."""

from __future__ import annotations

from typing import Any

from inmet_platform.errors import UnreadableFile
from inmet_platform.web.problems import Refusal


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


class Busy(Refusal):
    """More uploads at once than the service takes."""

    status = 503
    title = "Too many uploads at once"

    def __init__(self, most: int) -> None:
        """Name the limit."""
        super().__init__(
            f"{most} uploads are on their way already.",
            remedy="Send the file again after the seconds of Retry-After.",
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


def invalid(error: dict[str, Any]) -> Refusal:
    """A request whose form is not as expected, from pydantic's first error."""
    where = ".".join(str(part) for part in error["loc"])
    return Unreadable(
        f"The request's {where} is not as expected: {error['msg']}.",
        remedy="Send multipart/form-data with one or more fields `file`: "
        "curl -F file=@FILE …/upload",
    )
