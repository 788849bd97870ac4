"""What Prometheus asks for: counts and durations of a service's answers, and what it adds itself.

Names and units follow Prometheus's own advice (https://prometheus.io/docs/practices/naming/).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = "/metrics"

# From an answer out of memory to a large upload, in seconds.
BUCKETS_S = (0.005, 0.02, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)


class Measured:
    """ASGI middleware: counts answers by route and status, and their seconds by route."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        """Wrap an application.

        Args:
            app: whose answers are counted, but for `/metrics` itself.
            registry: of the service; it gets two metrics.
        """
        self._app = app
        self._answers = Counter(
            "inmet_http_requests",
            "Answers by route and status",
            ("method", "route", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "inmet_http_request_duration_seconds",
            "From a request to the end of its answer",
            ("route",),
            registry=registry,
            buckets=BUCKETS_S,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on and count; an answer that breaks off counts as 500."""
        if scope["type"] != "http" or scope["path"] == PATH:
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            # Set by the router: a path would make a time series of every station and upload.
            route = getattr(scope.get("route"), "path", "other")
            self._answers.labels(scope["method"], route, status).inc()
            self._seconds.labels(route).observe(time.monotonic() - began)


def metrics_endpoint(registry: CollectorRegistry) -> Callable[[Request], Awaitable[Response]]:
    """`GET /metrics`: all metrics of a registry in Prometheus's text format."""

    async def metrics(_: Request) -> Response:
        # A collector may ask a database.
        text = await run_in_threadpool(generate_latest, registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return metrics
