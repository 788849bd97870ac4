"""What the service answers."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, Field


class Station(BaseModel):
    """A station of the clean data."""

    station_id: str = Field(examples=["A001"])
    first_hour: AwareDatetime = Field(description="end of the first hour that holds a value, UTC")
    last_hour: AwareDatetime = Field(description="end of the last hour that holds a value, UTC")
    hours: int = Field(description="hours between them that hold a value", gt=0)


class Health(BaseModel):
    """Whether the process lives, or is ready."""

    status: str = Field(examples=["ok"])


class Problem(BaseModel):
    """What went wrong, in the form of RFC 9457."""

    title: str
    status: int
    detail: str = Field(description="one sentence: what was expected, what was found")
    remedy: str = Field("", description="what can be done")
