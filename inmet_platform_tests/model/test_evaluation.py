from __future__ import annotations

import numpy as np
import pytest

from inmet_platform.model.blocks import split
from inmet_platform.model.card import model_card
from inmet_platform.model.grid import Grid
from inmet_platform.model.plots import draw
from inmet_platform.model.training import RainModel, train
from inmet_platform_tests.model.synthetic import synthetic_grid


@pytest.fixture(scope="module")
def grid() -> Grid:
    return synthetic_grid(14, 150)


@pytest.fixture(scope="module")
def model(grid: Grid) -> RainModel:
    codes = grid.station_ids.tolist()
    return train(grid, {**dict.fromkeys(codes[:7], "CO"), **dict.fromkeys(codes[7:12], "NE")})


def rows_of(model: RainModel, part: str) -> int:
    return model.evaluation.find(0.0, part, "model").hours


def test_the_parts_are_those_of_the_test_block(grid: Grid, model: RainModel) -> None:
    test, held_out = model.test, split(grid).held_out[model.test.station]
    assert rows_of(model, "all") == len(test)
    assert rows_of(model, "held-out stations") == held_out.sum() > 0
    assert rows_of(model, "seen stations") == (~held_out).sum()
    assert rows_of(model, "onset: dry now") == (test.rain_now_mm == 0).sum()
    assert rows_of(model, "region CO") == (test.station < 7).sum()
    assert rows_of(model, "region NE") == ((test.station >= 7) & (test.station < 12)).sum()
    months = grid.hours[test.hour].astype("datetime64[M]").astype(int) % 12 + 1
    assert rows_of(model, "season MAM") == np.isin(months, (3, 4, 5)).sum() > 0
    with pytest.raises(KeyError):
        model.evaluation.find(0.0, "season DJF", "model")


def test_every_contender_is_scored_at_every_threshold(model: RainModel) -> None:
    table = model.evaluation.table()
    whole = table[table["part"] == "all"]
    contenders = {"model", "logistic", "persistence", "climatology", "markov", "markov_by_amount"}
    assert set(whole["contender"]) == contenders
    assert sorted(set(whole["threshold_mm"])) == [0.0, 5.0, 25.0]
    assert len(whole) == 18
    bounded = whole[["brier_low", "brier", "brier_high"]].to_numpy()
    assert (np.diff(bounded, axis=1) >= 0).all()


def test_confusion_counts_every_hour_once(model: RainModel) -> None:
    confusion = model.evaluation.confusion
    assert confusion.shape == (4, 4)
    assert confusion.sum() == len(model.test)
    rain = model.test.rain_next_mm
    assert confusion[0].sum() == (rain == 0).sum()
    assert confusion[2].sum() == ((rain > 5) & (rain <= 25)).sum()
    assert confusion[3].sum() == (rain > 25).sum()


def test_stations_have_their_skill_beside_their_place(grid: Grid, model: RainModel) -> None:
    stations = model.evaluation.stations
    assert stations["station_id"].tolist() == grid.station_ids.tolist()
    assert stations["held_out"].sum() == split(grid).held_out.sum()
    one = model.test.station == 3
    observed = model.evaluation.observed[one]
    errors = [
        ((model.evaluation.probability[name][one] - observed) ** 2).mean()
        for name in ("model", "markov")
    ]
    assert stations["skill_against_markov"][3] == pytest.approx(1 - errors[0] / errors[1])


def test_the_card_says_what_it_was_made_of_how_it_did_and_where_it_falls_short(
    model: RainModel,
) -> None:
    card = model_card(model)
    scores = model.evaluation.find(0.0, "all", "model").scores
    for told in (
        model.periods["test"],
        model.parameters["fingerprint"],
        model.parameters["held_out_stations"],
        f"{scores['brier']:.3f} [",
        "estações fora do treino",
        "Fonte: INMET",
        "## Limites",
    ):
        assert told in card
    assert "nan" not in card


def test_the_pictures_are_pictures(model: RainModel) -> None:
    pictures = draw(model.evaluation)
    assert pictures
    for name, data in pictures.items():
        assert name.endswith(".png")
        assert data.startswith(b"\x89PNG")
        assert len(data) < 300_000, f"{name} is stored with every run"
