"""What the exported files hold, for Prometheus: how much, and how old."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from inmet_platform.results.manifest import read_manifest
from inmet_platform.results.result_files import ResultFiles


class ExportMetrics:
    """A collector of prometheus_client."""

    def __init__(self, files: ResultFiles) -> None:
        """Keep where the files are; they are looked at with each scrape."""
        self._files = files

    def collect(self) -> Iterator[Metric]:
        """Rows and years of the last export, and when it was; nothing where none was."""
        years = read_manifest(self._files)
        if not years:
            return
        rows = sum(year.rows for year in years.values())
        written = self._files.export_json.stat().st_mtime
        yield _gauge("exported_rows", "Hours in the exported files", rows)
        yield _gauge("exported_years", "Years that the exported files hold hours of", len(years))
        yield _gauge("export_timestamp_seconds", "When the exported files last changed", written)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"inmet_{name}", words, value=value)
