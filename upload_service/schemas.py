"""What the service answers."""

from __future__ import annotations

from pydantic import BaseModel, Field

from inmet_platform.ledger.status import FileStatus
from inmet_platform.web.problems import Problem


class ReceivedFile(BaseModel):
    """One file of an upload: stored, known already, or refused."""

    name: str = Field(examples=["INMET_CO_DF_A001_BRASILIA_01-01-2020_A_31-12-2020.CSV"])
    status: int = Field(description="201 stored, 200 known already, else refused", examples=[201])
    file: FileStatus | None = Field(None, description="absent when refused")
    status_url: str | None = Field(None, description="where its way can be followed")
    problem: Problem | None = Field(None, description="present when refused")


class UploadAnswer(BaseModel):
    """Every file of an upload, in the order sent."""

    files: list[ReceivedFile]


class Health(BaseModel):
    """Whether the process lives, or is ready."""

    status: str = Field(examples=["ok"])
