"""The application: assembles rooms, limits and error answers."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from prometheus_client import CollectorRegistry
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from data_service import (
    classes,
    completeness,
    daily,
    download,
    dry_spells,
    evidence,
    forecast,
    heatmap,
    latest,
    months,
    percentiles,
    quality,
    rain,
    records,
    series,
    stations,
    wind_rose,
)
from data_service.answers import Health
from data_service.caching import Answers
from data_service.limits import LimitQuestions
from data_service.metrics import ExportMetrics
from data_service.problems import PROBLEMS, add_file_handlers, invalid
from data_service.snapshot import Store
from inmet_platform.config.settings import Settings
from inmet_platform.results.extract import exported_files
from inmet_platform.results.result_files import ResultFiles
from inmet_platform.web.guard import Guard
from inmet_platform.web.metrics import PATH, Measured, metrics_endpoint
from inmet_platform.web.problems import add_problem_handlers

DESCRIPTION = """
The clean hours of INMET's stations, as the last export left them, and pictures of them: read-only.
An hour is told by its end and belongs to the local hour, day and month in which it begins; a
missing value is null. Times carry their offset.

Source of the data: INMET, Instituto Nacional de Meteorologia.
"""

STATIC = Path(__file__).parent / "static"
# The charts of the Painel are those of the dashboards.
CHARTS = Path(__file__).parents[1] / "grafana" / "source" / "charts"

ROUTERS = (
    *(stations.router, latest.router, series.router, rain.router, daily.router, classes.router),
    *(months.router, heatmap.router, wind_rose.router, percentiles.router, records.router),
    *(dry_spells.router, completeness.router, quality.router, evidence.pipeline_router),
    *(evidence.model_router, forecast.router, download.router),
)

plain = APIRouter()


def create_app(settings: Settings) -> FastAPI:
    """The service for the exported files of `settings`."""
    app = FastAPI(title="INMET data", version="0.2.0", description=DESCRIPTION)
    app.state.store = Store(ResultFiles(settings.processed_dir))
    app.state.answers = Answers()
    for router in (plain, *ROUTERS):
        app.include_router(router)
    app.mount("/static/charts", StaticFiles(directory=CHARTS, check_dir=False))
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False))
    app.add_middleware(
        LimitQuestions, at_once=settings.data_at_once, most_waiting=settings.data_most_waiting
    )
    # Of the whole network /latest is 162 KB, a seventh of it compressed.
    app.add_middleware(GZipMiddleware, minimum_size=2_000, compresslevel=3)
    registry = CollectorRegistry()
    registry.register(ExportMetrics(app.state.store.files))
    app.add_route(PATH, metrics_endpoint(registry), include_in_schema=False)
    app.add_middleware(Measured, registry=registry)
    app.add_middleware(Guard, url=settings.data_url)
    add_file_handlers(app)
    add_problem_handlers(app, invalid, remedy="GET /docs lists the paths; all are GET.")
    return app


@plain.get("/health")
def health() -> Health:
    """Whether the process lives."""
    return Health(status="ok")


@plain.get("/ready", responses={503: PROBLEMS[503]})
def ready(request: Request) -> Health:
    """Whether there is something to serve."""
    exported_files(request.app.state.store.files.clean_folder)
    return Health(status="ok")


@plain.get("/", include_in_schema=False)
def root() -> Response:
    """The Painel when it is there, else the documentation."""
    page = STATIC / "index.html"
    return FileResponse(page) if page.is_file() else RedirectResponse("/docs")
