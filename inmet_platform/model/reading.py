"""The clean CSV as the model's input."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.model.features import INPUTS


def read_clean_csv(path: Path) -> pd.DataFrame:
    """`station_id`, `observed_at` (UTC, no time zone) and `features.INPUTS`.

    Raises:
        UnreadableFile: it is missing, lacks a column, or a value is no number or no time.
    """
    types = {
        "station_id": pa.string(),
        "observed_at": pa.timestamp("s", tz="UTC"),
        **dict.fromkeys(INPUTS, pa.float64()),
    }
    options = pa_csv.ConvertOptions(include_columns=list(types), column_types=types)
    try:
        table = pa_csv.read_csv(path, convert_options=options)
    except (pa.ArrowInvalid, pa.ArrowKeyError, FileNotFoundError) as error:
        raise UnreadableFile(
            Place(str(path)),
            expected="the clean CSV as inmet_clean_csv writes it",
            found=str(error),
            remedy="Materialize inmet_clean_csv again.",
        ) from error
    frame: pd.DataFrame = table.to_pandas()
    frame["observed_at"] = frame["observed_at"].dt.tz_localize(None)
    return frame
