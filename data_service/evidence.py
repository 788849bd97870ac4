"""/model and /pipeline: what the assets wrote about the model and about the way of the files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from data_service.answers import Answer
from data_service.asking import Files
from data_service.caching import AgingRoute, CachedRoute
from data_service.period import in_zone
from data_service.problems import PROBLEMS, Unready
from data_service.zones import BRASILIA, checked_zone

model_router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)
pipeline_router = APIRouter(route_class=AgingRoute, responses=PROBLEMS)


class ScoreRow(BaseModel):
    """A score of a contender on a part, as training wrote it."""

    model_config = ConfigDict(extra="allow", protected_namespaces=())


class ModelAnswer(Answer[ScoreRow]):
    """The rows are the scores; what else training and the watch wrote stands beside them."""

    model_config = ConfigDict(extra="allow")


class LayerRow(BaseModel):
    """A layer of the way, and how much it holds."""

    layer: str = Field(examples=["RAW"])
    rows: int | None
    detail: str


class Rejected(BaseModel):
    """A refused file, and why."""

    file: str
    message: str
    at: AwareDatetime | None = None


class Pipe(BaseModel):
    """A pipe of Snowpipe as it was when the export was written."""

    name: str = Field(examples=["RAW.OBSERVATIONS_PIPE"])
    state: str = Field(examples=["RUNNING"])
    pending: int
    last_ingested: AwareDatetime | None
    lag_s: float | None = Field(description="how long the oldest landed file waits")


class Freshness(BaseModel):
    """How new the data are."""

    newest_hour: AwareDatetime | None
    exported_at: AwareDatetime | None
    age_h: float | None = Field(description="of the newest hour")


class PipelineAnswer(Answer[LayerRow]):
    """The layers, and what the last export found out about files and pipes."""

    files: dict[str, int] = Field(description="by state", examples=[{"clean": 12, "rejected": 1}])
    rejected: list[Rejected]
    pipes: list[Pipe]
    freshness: Freshness


@model_router.get("/model")
def model(files: Files) -> ModelAnswer:
    """How good the rain model is, beside its baselines; no rows until one is trained."""
    held = {**_read_drift(files.files.drift_json), **_read(files.files.model_json)}
    rows = [ScoreRow(**row) for row in held.pop("scores", held.pop("rows", []))]
    # Always there: Grafana takes a missing root for an error, an empty one for "no data".
    lists: dict[str, Any] = {"reliability": [], "confusion": [], "versions": [], "drift": []}
    return ModelAnswer(**{**lists, **held, "tz": held.get("tz", "UTC"), "rows": rows})


@pipeline_router.get("/pipeline")
def pipeline(files: Files) -> PipelineAnswer:
    """Where the files are, layer by layer; times of Brasília."""
    zone = checked_zone(BRASILIA)
    held = _read(files.files.pipeline_json)
    newest = files.newest
    age = (datetime.now(UTC).replace(tzinfo=None) - newest) / timedelta(hours=1) if newest else None
    hours = sum(it.hours for it in files.held.values())
    years = f"{len(files.years)} arquivo(s) Parquet, {len(files.held)} estação(ões)"
    rows = [LayerRow(**row) for row in held.get("layers", [])]
    return PipelineAnswer(
        tz=zone.key,
        rows=[*rows, LayerRow(layer="CSV", rows=hours, detail=years)],
        files=held.get("files", {}),
        rejected=held.get("rejected", []),
        pipes=held.get("pipes", []),
        freshness=Freshness(
            newest_hour=in_zone(newest, zone) if newest else None,
            exported_at=held.get("written_at"),
            age_h=None if age is None else round(age, 1),
        ),
    )


def _read_drift(path: Path) -> dict[str, Any]:
    try:
        return _read(path)
    except Unready:  # the model can be told without it, and the next check writes it anew
        return {}


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Unready(
            f"{path.name} is no JSON.", remedy="Materialize the asset that writes it again."
        ) from error
    return held if isinstance(held, dict) else {}
