from pathlib import Path

import pandas as pd
import pytest

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform.model.features import INPUTS
from inmet_platform.model.reading import read_clean_csv

HEADER = ",".join(["station_id", "observed_at", *VARIABLE_NAMES])
ROW = "A001,2020-01-01T00:00:00Z,0.2" + ",1" * 15 + ","


def write(folder: Path, *lines: str) -> Path:
    path = folder / "inmet_clean.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_only_what_the_model_needs_is_read_whatever_stands_beside_it(tmp_path: Path) -> None:
    frame = read_clean_csv(write(tmp_path, HEADER + ",rain_flag", ROW + ",9"))
    assert list(frame.columns) == ["station_id", "observed_at", *INPUTS]
    assert frame["observed_at"].tolist() == [pd.Timestamp("2020-01-01T00:00")]
    assert frame["precipitation_mm"].tolist() == [0.2]
    assert frame["wind_speed_ms"].isna().all()


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((HEADER, ROW.replace("0.2", "rain")), id="a word for a number"),
        pytest.param((HEADER, ROW.replace("00:00:00Z", "noon")), id="no time"),
        pytest.param((HEADER, "A001,2020-01-01T00:00:00Z"), id="half a row"),
        pytest.param((HEADER.replace("dew_point_c", "dew"), ROW), id="a missing column"),
    ],
)
def test_a_broken_csv_is_refused_with_what_to_do(lines: tuple[str, ...], tmp_path: Path) -> None:
    path = write(tmp_path, *lines)
    with pytest.raises(UnreadableFile, match="Materialize inmet_clean_csv again") as refusal:
        read_clean_csv(path)
    assert str(path) in str(refusal.value)


def test_a_missing_csv_is_refused_the_same_way(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="Materialize inmet_clean_csv again"):
        read_clean_csv(tmp_path / "inmet_clean.csv")
