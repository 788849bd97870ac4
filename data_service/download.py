"""/download: the clean hours of a station as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, BinaryIO, cast

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from data_service.asking import StationPeriod
from data_service.problems import PROBLEMS, NoHours, Unready
from inmet_platform.errors import ExportError
from inmet_platform.results.extract import Format, extract
from inmet_platform.results.selection import Selection

router = APIRouter()

_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_PIECE_BYTES = 1 << 18


@router.get(
    "/download",
    response_class=StreamingResponse,
    responses={
        **{code: told for code, told in PROBLEMS.items() if code != 304},
        200: {
            "description": "The columns of inmet_clean.csv; times are UTC",
            "content": {media: {} for media in _MEDIA.values()},
        },
        404: {**PROBLEMS[404], "description": "No such station, or it has no hour in the period"},
    },
)
def download(ask: StationPeriod, format: Format = "csv") -> StreamingResponse:
    """Every clean hour of a station and period, with flags. Fonte: INMET."""
    period = ask.period
    # Both ends of a part belong to it, and a label at the period's begin is of the hour before.
    part = Selection((ask.code,), period.first + timedelta(microseconds=1), period.last)
    name = f"inmet_{ask.code}_{period.first_day}_{period.last_day}.{format}"
    return StreamingResponse(
        _pieces(_written(ask.snapshot.files.clean_folder, part, format)),
        media_type=_MEDIA[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _written(folder: Path, part: Selection, form: Format) -> IO[bytes]:
    """The whole file, which has no name: it is gone when it is closed."""
    stream = tempfile.TemporaryFile(prefix="inmet-")  # noqa: SIM115 - closed by who sends it
    try:
        extract(folder, part, form, cast("BinaryIO", stream))
    except ExportError as error:
        stream.close()
        if isinstance(error.__cause__, OSError):
            raise Unready(error.message, remedy="Ask again later.") from error
        raise NoHours(error.message, remedy=error.remedy) from error
    stream.seek(0)
    return stream


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(_PIECE_BYTES):
            yield piece
