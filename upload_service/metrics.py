"""What became of the files that were sent, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter


class UploadMetrics:
    """Counts since the service started."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Add them to a registry."""
        self.files = Counter(
            "inmet_upload_files",
            "Files that were sent: stored, known already, refused, or stopped by an error",
            ("outcome",),
            registry=registry,
        )
        for outcome in ("stored", "known", "refused", "failed"):
            self.files.labels(outcome)

    def count(self, status: int) -> None:
        """Count a file by the HTTP status of its answer."""
        outcome = {201: "stored", 200: "known"}.get(status)
        self.files.labels(outcome or ("failed" if status >= 500 else "refused")).inc()
