"""The chain in this process, on a tenant of the embedded cloud."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg

from inmet_platform.config.settings import Settings
from inmet_platform.definitions import build_defs
from inmet_platform.results.result_files import ResultFiles
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Row, Session, open_session
from inmet_platform_tests.chain.stages import Stage, run_stages
from inmet_platform_tests.embedded import administrator

TO_CSV = ["raw_s3_file", "snowflake_raw", "snowflake_clean", "inmet_clean_csv"]


class Chain:
    """Puts files and runs assets, as a user would by S3 and Dagster."""

    def __init__(self, settings: Settings, tmp_path: Path) -> None:
        self.settings = settings
        self.bucket = Bucket.from_settings(settings)
        self._folder = tmp_path

    def put(self, name: str, data: bytes, **metadata: str) -> str:
        path = self._folder / "to-put"
        path.write_bytes(data)
        with path.open("rb") as stream:
            return self.bucket.put_raw(stream, name, metadata)

    def run(
        self,
        assets: list[str] | None = None,
        *,
        config: dict[str, Any] | None = None,
        raise_on_error: bool = True,
    ) -> dg.ExecuteInProcessResult:
        """Materialize assets, with their checks."""
        ops = {name: {"config": values} for name, values in (config or {}).items()}
        job = build_defs(self.settings).resolve_implicit_global_asset_job_def()
        with dg.DagsterInstance.ephemeral() as instance:
            return job.execute_in_process(
                instance=instance,
                run_config={"ops": ops},
                asset_selection=[dg.AssetKey(name) for name in assets or TO_CSV],
                raise_on_error=raise_on_error,
            )

    def bring(self, last: Stage = "export") -> None:
        """Do what the assets do, without Dagster and without checks: half the cost of a run."""
        run_stages(self.settings, "test", last)

    def session(self) -> Any:
        """A session of the role that works."""
        return open_session(self.settings, tag="test")

    def sql(self, text: str) -> list[Row]:
        """Run a statement as the administrator, who looks at everything, and plants and mends."""
        with open_session(administrator(self.settings), tag="test") as session:
            assert isinstance(session, Session)
            return session.query_text(text)

    def count(self, table: str) -> int:
        return int(self.sql(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"])  # noqa: S608

    def states(self) -> dict[str, str]:
        rows = self.sql("SELECT file_name, state FROM RAW.FILES")
        return {row["file_name"]: row["state"] for row in rows}

    @property
    def csv(self) -> Path:
        return self.files.clean_csv

    @property
    def files(self) -> ResultFiles:
        return ResultFiles(self.settings.processed_dir)


def metadata_of(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, Any]:
    [event] = [
        event
        for event in result.get_asset_materialization_events()
        if event.materialization.asset_key == dg.AssetKey(asset)
    ]
    return {name: value.value for name, value in event.materialization.metadata.items()}


def checks_of(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {item.check_name: item for item in result.get_asset_check_evaluations()}
