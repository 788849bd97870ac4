"""The routes, thin: take the request apart, call, answer."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from fastapi.security import HTTPBearer

from inmet_platform.errors import PlatformError, StorageError
from inmet_platform.ledger.status import FileStatus
from inmet_platform.ledger.status_copy import read_status
from inmet_platform.storage.bucket import Bucket
from inmet_platform.web.problems import Problem, Refusal, problem_of
from upload_service.problems import Unknown
from upload_service.receiving import checked_edition, receive
from upload_service.schemas import Health, ReceivedFile, UploadAnswer

router = APIRouter()

PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": text}
    for code, text in {
        401: "UPLOAD_TOKEN is set and the request does not carry it",
        413: "Larger than UPLOAD_MAX_BYTES",
        415: "Neither CSV text nor a zip",
        422: "No reader accepts the file; the sentence says why",
        503: "S3 does not answer, or too many uploads are on their way",
    }.items()
}


def get_bucket(request: Request) -> Bucket:
    """The bucket the application writes to."""
    return cast("Bucket", request.app.state.bucket)


# Documents the token; token.py checks it before the body is read.
TOKEN = HTTPBearer(auto_error=False, description="UPLOAD_TOKEN, when it is set")

TheBucket = Annotated[Bucket, Depends(get_bucket)]


@router.post(
    "/upload",
    status_code=201,
    dependencies=[Depends(TOKEN)],
    responses={
        200: {"model": UploadAnswer, "description": "Every file was known already"},
        207: {"model": UploadAnswer, "description": "Some files are stored, some refused"},
        **PROBLEMS,
    },
)
def upload(
    request: Request,
    response: Response,
    bucket: TheBucket,
    file: Annotated[list[UploadFile], File(description="CSV or zip, one or many")],
    station_id: Annotated[
        str | None, Form(description="for a file that does not name its station", examples=["A001"])
    ] = None,
    edition_at: Annotated[
        str | None,
        Form(
            description="when INMET published the files, in ISO 8601, UTC when it names no zone; "
            "a file that is known already keeps the time it was stored with",
            examples=["2024-06-30T12:00:00Z"],
        ),
    ] = None,
) -> UploadAnswer:
    """Store files of INMET, byte for byte; each is read before it is accepted.

    The same content again is stored once: the answer is 200 with the first key. Of many files
    the good ones are stored and the others refused one by one (207).
    """
    edition = checked_edition(edition_at) if edition_at else None
    answers = [_receive_one(request, bucket, item, station_id or None, edition) for item in file]
    for answer in answers:
        request.app.state.uploads.count(answer.status)
    refused = [answer for answer in answers if answer.problem]
    if len(answers) == 1 and refused:
        raise _again(refused[0])
    if refused:
        response.status_code = 207
    elif all(answer.status == 200 for answer in answers):
        response.status_code = 200
    return UploadAnswer(files=answers)


def _receive_one(
    request: Request,
    bucket: Bucket,
    item: UploadFile,
    station_id: str | None,
    edition_at: str | None,
) -> ReceivedFile:
    name = item.filename or "unnamed"
    try:
        inspecting = request.app.state.inspecting
        received = receive(bucket, item.file, name, station_id, edition_at, inspecting)
    except (Refusal, StorageError) as error:
        return ReceivedFile(name=name, status=problem_of(error).status, problem=problem_of(error))
    return ReceivedFile(
        name=name,
        status=201 if received.is_new else 200,
        file=received.status,
        status_url=str(request.url_for("follow", upload_id=received.status.id)),
    )


def _again(answer: ReceivedFile) -> PlatformError:
    problem = cast("Problem", answer.problem)
    refusal = Refusal(problem.detail, remedy=problem.remedy)
    refusal.status, refusal.title = problem.status, problem.title
    return refusal


@router.get(
    "/uploads/{upload_id}",
    dependencies=[Depends(TOKEN)],
    responses={401: PROBLEMS[401], 404: {"model": Problem}, 503: PROBLEMS[503]},
)
def follow(upload_id: str, bucket: TheBucket) -> FileStatus:
    """Where an uploaded file is: received, landed, loaded, clean, or rejected and why."""
    status = read_status(bucket, upload_id)
    if status is None:
        raise Unknown(
            f"There is no upload {upload_id!r}.", remedy="Use the `id` that POST /upload answered."
        )
    return status


@router.get("/health")
async def health() -> Health:
    """Whether the process lives, also when every thread is at work."""
    return Health(status="ok")


@router.get("/ready", responses={503: PROBLEMS[503]})
def ready(bucket: TheBucket) -> Health:
    """Whether the bucket answers."""
    bucket.check()
    return Health(status="ok")


@router.get("/", include_in_schema=False)
def root() -> RedirectResponse:
    """To the documentation."""
    return RedirectResponse("/docs")
