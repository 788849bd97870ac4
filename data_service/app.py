"""The application: the routes, thin, and the form of an error."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse

from data_service.schemas import Health, Problem, Station
from data_service.stations import read_stations
from inmet_platform.errors import ExportError
from inmet_platform.extract import exported_files

DESCRIPTION = """
The clean hours of INMET's stations, as the last export left them. Times are UTC and mark the end
of the hour.

Source of the data: INMET, Instituto Nacional de Meteorologia.
"""

UNREADY: dict[int | str, dict[str, Any]] = {
    503: {"model": Problem, "description": "Nothing is exported yet, or it is just being replaced"}
}


def get_folder(request: Request) -> Path:
    """The folder that holds `<year>.parquet`."""
    folder: Path = request.app.state.folder
    return folder


Folder = Annotated[Path, Depends(get_folder)]


def create_app(folder: Path) -> FastAPI:
    """The service for one folder of exported files."""
    app = FastAPI(title="INMET data", version="0.1.0", description=DESCRIPTION)
    app.state.folder = folder

    @app.get("/health")
    def health() -> Health:
        """Whether the process lives."""
        return Health(status="ok")

    @app.get("/ready", responses=UNREADY)
    def ready(folder: Folder) -> Health:
        """Whether there is something to serve."""
        exported_files(folder)
        return Health(status="ok")

    @app.get("/stations", responses=UNREADY)
    def stations(folder: Folder) -> list[Station]:
        """Every station of the clean data, by code: its first and last hour, and how many."""
        return read_stations(folder)

    @app.get("/", include_in_schema=False)
    def root() -> RedirectResponse:
        """To the documentation."""
        return RedirectResponse("/docs")

    @app.exception_handler(ExportError)
    def unready(_: Request, error: ExportError) -> JSONResponse:
        problem = Problem(
            title="Nothing to serve", status=503, detail=error.message, remedy=error.remedy
        )
        return JSONResponse(
            problem.model_dump(), status_code=503, media_type="application/problem+json"
        )

    return app
