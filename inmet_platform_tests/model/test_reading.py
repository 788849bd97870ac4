import csv
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from inmet_platform.errors import UnreadableFile
from inmet_platform.model.grid import INPUTS, Place, grid_of
from inmet_platform.model.reading import read_grid, read_stations
from inmet_platform.results.result_files import ResultFiles
from inmet_platform_tests.model.synthetic import part_of, synthetic_grid, table_of, write_results


@pytest.fixture
def files(tmp_path: Path) -> ResultFiles:
    return write_results(tmp_path, synthetic_grid(3, 10))


def test_what_was_exported_comes_back_as_a_grid_with_its_places(files: ResultFiles) -> None:
    grid = read_grid(files.clean_folder, read_stations(files.stations_csv).places)
    made = synthetic_grid(3, 10)
    assert grid
    np.testing.assert_array_equal(grid.hours, made.hours)
    np.testing.assert_allclose(grid.places, made.places, atol=1e-6)
    for name in INPUTS:
        np.testing.assert_array_equal(grid.values[name], made.values[name])


def test_files_of_several_years_are_read_as_one(tmp_path: Path) -> None:
    made = synthetic_grid(2, 8, first="2023-12-28T00")
    write_results(tmp_path, part_of(made, hours=slice(0, 96)))
    files = write_results(tmp_path, part_of(made, hours=slice(96, None)))
    assert len(list(files.clean_folder.iterdir())) == 2
    grid = read_grid(files.clean_folder, {})
    assert grid
    np.testing.assert_array_equal(grid.hours, made.hours)


def test_the_newest_hours_are_as_many_as_asked_for(files: ResultFiles) -> None:
    grid = read_grid(files.clean_folder, {}, newest_hours=24)
    assert grid
    assert grid.hours.tolist() == synthetic_grid(3, 10).hours[-24:].tolist()


def test_no_more_is_read_than_can_be_learned_from(
    files: ResultFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inmet_platform.model.reading.MOST_CELLS", 3 * 100)
    grid = read_grid(files.clean_folder, {})
    assert grid
    assert grid.shape == (3, 100)


def test_nothing_exported_is_no_grid(tmp_path: Path) -> None:
    assert read_grid(tmp_path / "inmet_clean", {}) is None
    files = ResultFiles(tmp_path)
    files.clean_folder.mkdir()
    pq.write_table(table_of(synthetic_grid(1, 1)).slice(0, 0), files.clean_folder / "2024.parquet")
    assert read_grid(files.clean_folder, {}) is None


def test_stations_have_place_and_region_and_only_their_current_version(files: ResultFiles) -> None:
    text = files.stations_csv.read_text()
    first = text.splitlines()[1]
    old = first.replace("true", "false").replace("-15.0", "-3.0")
    bare = "A999" + "," * 9 + ",true"
    files.stations_csv.write_text(f"{text}{old}\n{bare}\n")
    found = read_stations(files.stations_csv)
    assert found.places["A001"] == Place(-15.0, -47.0, 900.0)
    assert found.regions == {"A001": "CO", "A002": "CO", "A003": "CO", "A999": ""}
    assert np.isnan(found.places["A999"].latitude_deg)
    placed = grid_of(table_of(synthetic_grid(3, 1)), found.places)
    assert placed.places[0].tolist() == [-15.0, -47.0, 900.0]


def test_a_name_that_holds_whatever_a_csv_may_hold_hides_no_station(files: ResultFiles) -> None:
    with files.stations_csv.open("a", encoding="utf-8", newline="") as stream:
        line = ["A998", 'one "\r\n, \t;|two\r', *[""] * 8, "true"]
        csv.writer(stream, lineterminator="\n").writerow(line)
    assert set(read_stations(files.stations_csv).places) == {"A001", "A002", "A003", "A998"}


def broken(kind: str, files: ResultFiles) -> None:
    path = files.clean_folder / "2024.parquet"
    if kind == "no Parquet":
        path.write_bytes(b"no,observation\n1,2\n")
    elif kind == "cut off":
        path.write_bytes(path.read_bytes()[:-100])
    else:
        pq.write_table(table_of(synthetic_grid(1, 1)).drop_columns("dew_point_c"), path)


@pytest.mark.parametrize("kind", ["no Parquet", "cut off", "a missing column"])
def test_a_broken_file_is_refused_with_what_to_do(kind: str, files: ResultFiles) -> None:
    broken(kind, files)
    with pytest.raises(UnreadableFile, match="Materialize inmet_clean_csv again") as refusal:
        read_grid(files.clean_folder, {})
    assert str(files.clean_folder) in str(refusal.value)


def test_a_missing_or_broken_list_of_stations_is_refused_the_same_way(files: ResultFiles) -> None:
    files.stations_csv.write_text("code,name\nA001,Brasilia\n")
    with pytest.raises(UnreadableFile, match="Materialize inmet_clean_csv again"):
        read_stations(files.stations_csv)
    files.stations_csv.unlink()
    with pytest.raises(UnreadableFile, match="Materialize inmet_clean_csv again"):
        read_stations(files.stations_csv)
