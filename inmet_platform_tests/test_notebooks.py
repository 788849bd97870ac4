"""The notebooks as a person gets them: without outputs, and running on what a run leaves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from inmet_platform.config.settings import Settings
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import ROOT, EmbeddedCloud, clean_environ, write_home
from inmet_platform_tests.files import A001_2020
from inmet_platform_tests.needs import needs_inmet_files

EXPLORATION, MODELLING = (
    ROOT / "notebooks" / name for name in ("exploracao.ipynb", "modelagem.ipynb")
)
NOTEBOOKS = pytest.mark.parametrize("path", [EXPLORATION, MODELLING], ids=lambda it: it.stem)

# No cell may take longer.
LONGEST_CELL_S = 60

# Daily values: ours by the notebook's names.
DAILY = {
    "precipitation_mm": "chuva_mm",
    "temperature_mean_c": "media_c",
    "temperature_max_c": "maxima_c",
    "temperature_min_c": "minima_c",
    "humidity_mean_pct": "umidade_pct",
}


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def execute(path: Path, settings: Settings, *, and_then: str = "") -> NotebookNode:
    """The notebook after a run in a kernel of its own, in the home folder."""
    notebook = read(path)
    if and_then:
        notebook.cells.insert(-1, nbformat.v4.new_code_cell(and_then))
    client = NotebookClient(
        notebook,
        timeout=LONGEST_CELL_S,
        kernel_name="python3",
        resources={"metadata": {"path": str(settings.home)}},
    )
    client.execute(env=clean_environ(settings.home))
    return notebook


def outputs(notebook: NotebookNode, kind: str) -> list[str]:
    """What the cells show of one kind, such as text/markdown."""
    shown = [
        output["data"][kind]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if kind in output.get("data", {})
    ]
    return ["".join(it) for it in shown]


def text(notebook: NotebookNode) -> str:
    return "\n".join(outputs(notebook, "text/markdown") + outputs(notebook, "text/plain"))


def complaints(notebook: NotebookNode) -> list[str]:
    """What the cells write to the error stream: warnings a reader would stumble over."""
    return [
        output["text"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]


def home_after(cloud: EmbeddedCloud, home: Path, name: str, data: bytes) -> Settings:
    """A tenant whose clean files the chain has made of one file."""
    settings = cloud.tenant(home)
    chain = Chain(settings, home)
    chain.put(name, data)
    chain.bring()
    return settings


@pytest.fixture(scope="module")
def fresh(
    embedded_cloud: EmbeddedCloud,
    tmp_path_factory: pytest.TempPathFactory,
    with_model_store: Callable[[Settings], Settings],
) -> Settings:
    """What `make run` leaves with a sample too short to learn from: no model."""
    name, data = sample_station_year(2023)
    lines = data.splitlines(keepends=True)
    short = b"".join(lines[: 9 + 40 * 24])
    home = tmp_path_factory.mktemp("fresh")
    settings = home_after(embedded_cloud, home, name, short)
    Chain(with_model_store(settings), home).run(["trained_model"])
    return settings


@pytest.fixture(scope="module")
def measured(
    embedded_cloud: EmbeddedCloud,
    tmp_path_factory: pytest.TempPathFactory,
    with_model_store: Callable[[Settings], Settings],
) -> Settings:
    """A measured station-year and the model made of it."""
    home = tmp_path_factory.mktemp("measured")
    settings = home_after(embedded_cloud, home, A001_2020.name, A001_2020.read_bytes())
    Chain(with_model_store(settings), home).run(["trained_model"])
    return settings


@NOTEBOOKS
def test_a_notebook_is_kept_without_outputs_and_names_the_source(path: Path) -> None:
    notebook = read(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert [cell.id for cell in code if cell.outputs or cell.execution_count] == [], (
        f"jupyter nbconvert --clear-output --inplace {path.relative_to(ROOT)}"
    )
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert "INMET, Instituto Nacional de Meteorologia" in first.source
    nbformat.validate(notebook)


def test_exploration_runs_on_the_synthetic_station_and_says_that_it_is_none(
    fresh: Settings,
) -> None:
    done = execute(EXPLORATION, fresh)
    assert complaints(done) == []
    assert "A estação Z999 é sintética" in text(done)
    # Map, days, year, hours of the day, gaps, flags.
    assert len(outputs(done, "image/png")) == 6


def test_modelling_without_a_model_says_what_is_lacking_and_goes_on(fresh: Settings) -> None:
    done = execute(MODELLING, fresh)
    assert complaints(done) == []
    shown = text(done)
    assert "**Ainda não há modelo**" in shown
    assert "expected at least 1440 hours with a measurement of rain" in shown
    assert "Com uma só estação não há vizinhas" in shown
    assert outputs(done, "image/png") == []


def test_without_any_data_the_reader_is_told_to_run_first(tmp_path: Path) -> None:
    settings = write_home(tmp_path)
    for path in (EXPLORATION, MODELLING):
        with pytest.raises(Exception, match="Rode antes `make run`"):
            execute(path, settings)


@needs_inmet_files
def test_daily_values_of_the_notebook_are_those_of_the_warehouse(
    measured: Settings, tmp_path: Path
) -> None:
    keep = tmp_path / "days.parquet"
    done = execute(EXPLORATION, measured, and_then=f"banco.table('dias').to_parquet('{keep}')")
    assert complaints(done) == []
    assert "Todas as estações são medidas." in text(done)
    assert "A001 BRASILIA (DF)" in text(done)
    columns = ", ".join(f"{theirs} AS {ours}" for theirs, ours in DAILY.items())
    rows = Chain(measured, tmp_path).sql(
        f"SELECT station_id, day AS dia, {columns} FROM CLEAN.DAILY"  # noqa: S608
    )
    keys = ["station_id", "dia"]
    of_warehouse, of_notebook = (
        frame.astype({"dia": "datetime64[us]"}).set_index(keys).sort_index().astype(float)
        for frame in (pd.DataFrame(rows), pd.read_parquet(keep))
    )
    assert (of_warehouse.notna().sum() > 300).all()
    pd.testing.assert_frame_equal(of_notebook[list(DAILY.values())], of_warehouse, check_exact=True)


@needs_inmet_files
def test_modelling_reads_the_champion_its_intervals_and_its_forecast(measured: Settings) -> None:
    done = execute(MODELLING, measured)
    assert complaints(done) == []
    shown = text(done)
    assert "**inmet-rain, versão 1**" in shown
    assert "Os dados de hoje são os do treino." in shown
    assert re.search(r"0,\d{3} \[0,\d{3}; 0,\d{3}\]", shown)
    assert "01/01/2021 00h" in shown
    # Skill, reliability, groups of features; of one station no map.
    assert len(outputs(done, "image/png")) == 3


@needs_inmet_files
def test_the_command_that_makes_the_model_anew_is_the_one_the_notebook_tells(
    measured: Settings,
) -> None:
    last = read(MODELLING).cells[-1].source
    lines = [line[4:] for line in last.splitlines() if line.startswith("    ")]
    program = "\n".join(lines).partition('-c "\n')[2].rpartition('"')[0]
    made = subprocess.run(
        [sys.executable, "-c", program],
        env={**clean_environ(measured.home), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("# inmet-rain: chuva na próxima hora")
    assert "1 estação(ões)" in made.stdout
