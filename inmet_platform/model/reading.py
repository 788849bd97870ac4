"""The clean CSV as the model's input."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from inmet_platform.model.features import INPUTS


def read_clean_csv(path: Path) -> pd.DataFrame:
    """`station_id`, `observed_at` (UTC, no time zone) and `features.INPUTS`.

    Raises:
        pyarrow.ArrowInvalid: a value is no number or no time.
    """
    columns = ["station_id", "observed_at", *INPUTS]
    table = pa_csv.read_csv(
        path,
        convert_options=pa_csv.ConvertOptions(
            include_columns=columns,
            column_types={
                "station_id": pa.string(),
                "observed_at": pa.timestamp("s", tz="UTC"),
                **dict.fromkeys(INPUTS, pa.float64()),
            },
        ),
    )
    frame: pd.DataFrame = table.to_pandas()
    frame["observed_at"] = frame["observed_at"].dt.tz_localize(None)
    return frame
