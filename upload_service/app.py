"""The application: assembles routes and error answers."""

from __future__ import annotations

import threading

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.formparsers import MultiPartParser

from inmet_platform.config.settings import Settings
from inmet_platform.storage.bucket import Bucket
from inmet_platform.web.guard import Guard
from inmet_platform.web.metrics import PATH, Measured, metrics_endpoint
from inmet_platform.web.problems import add_problem_handlers
from upload_service.limits import LimitAtOnce, LimitBody
from upload_service.metrics import UploadMetrics
from upload_service.problems import invalid
from upload_service.routes import router
from upload_service.token import RequireToken, require_token_outside

# Uploads on their way: fewer than the server's 40 threads, so that other questions are answered.
MOST_AT_ONCE = 30
# Of each file of a body so much is in memory, the rest on disk.
SPOOLED_BYTES = 64 * 1024
# A file that is being read takes some tens of megabytes.
INSPECTED_AT_ONCE = 2

DESCRIPTION = """
Sends files of INMET (portal CSV, BDMEP hourly, react-csv, flattened, or a zip of them) on
their way into the warehouse, and tells where each one is.

Source of the data: INMET, Instituto Nacional de Meteorologia.
"""


def create_app(settings: Settings) -> FastAPI:
    """The service for the bucket of `settings`.

    Raises:
        SettingsError: others than this machine may reach it, and no token is asked.
    """
    require_token_outside(settings)
    app = FastAPI(title="INMET upload", version="0.1.0", description=DESCRIPTION)
    app.state.bucket = Bucket.from_settings(settings)
    app.include_router(router)
    MultiPartParser.spool_max_size = SPOOLED_BYTES
    registry = CollectorRegistry()
    app.state.uploads = UploadMetrics(registry)
    app.add_route(PATH, metrics_endpoint(registry), include_in_schema=False)
    app.state.inspecting = threading.BoundedSemaphore(INSPECTED_AT_ONCE)
    app.add_middleware(LimitBody, most_bytes=settings.upload_max_bytes)
    app.add_middleware(LimitAtOnce, most=MOST_AT_ONCE)
    if settings.upload_token:
        app.add_middleware(RequireToken, token=settings.upload_token)
    app.add_middleware(Measured, registry=registry)
    app.add_middleware(Guard, url=settings.upload_url)
    add_problem_handlers(app, invalid)
    return app
