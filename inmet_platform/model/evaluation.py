"""The evaluation of a model: scores of every contender, threshold and part of the test block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix

from inmet_platform.model.blocks import Blocks
from inmet_platform.model.classifier import THRESHOLDS_MM, class_probabilities
from inmet_platform.model.grid import Bools, Floats, Grid, months_of
from inmet_platform.model.scores import macro_f1, reliability
from inmet_platform.model.verification import Forecasts, Verdict, verify

SEASONS = ("DJF", "MAM", "JJA", "SON")
# With fewer hours the skill at a station is chance.
FEWEST_HOURS_OF_STATION = 24 * 14


@dataclass(frozen=True)
class Evaluation:
    """The figures for the plots, the card and MLflow.

    `verdicts`: scores by threshold, part and contender. `macro_f1`: by contender, of the most
    likely rain class. `reliability`: see `scores.reliability`, for rain. `confusion`: hours by
    observed and forecast class, shape (4, 4). `stations`: skill for rain by station, with its
    place. `observed` and `probability`: rain, for curves.
    """

    verdicts: list[Verdict]
    macro_f1: dict[str, float]
    reliability: Floats
    confusion: NDArray[np.int64]
    stations: pd.DataFrame
    observed: Bools
    probability: dict[str, Floats]

    def find(self, threshold_mm: float, part: str, contender: str) -> Verdict:
        """One verdict.

        Raises:
            KeyError: there is none.
        """
        return {it.contender: it for it in self.of_part(threshold_mm, part)}[contender]

    def of_part(self, threshold_mm: float, part: str) -> list[Verdict]:
        """The verdicts on all contenders for one threshold and part."""
        return [it for it in self.verdicts if (it.threshold_mm, it.part) == (threshold_mm, part)]

    def table(self) -> pd.DataFrame:
        """One row per verdict, with one column per score and per bound of its interval."""
        return pd.DataFrame([it.row() for it in self.verdicts])


def evaluate(
    grid: Grid, blocks: Blocks, forecasts: list[Forecasts], regions: dict[str, str]
) -> Evaluation:
    """Score every contender on the test block; no score influences the model.

    `forecasts`: for each threshold, the lowest first. `regions`: by station.
    """
    parts = _parts(grid, blocks, regions)
    observed, rain = forecasts[0].observed, forecasts[0].probability
    classes = {name: _classes(forecasts, name) for name in ("model", "logistic", "persistence")}
    seen = np.searchsorted(THRESHOLDS_MM, blocks.test.rain_next_mm.round(1)).astype(np.int8)
    return Evaluation(
        verdicts=[verdict for it in forecasts for verdict in verify(it, parts)],
        macro_f1={name: macro_f1(seen, forecast) for name, forecast in classes.items()},
        reliability=reliability(observed, rain["model"]),
        confusion=confusion_matrix(seen, classes["model"], labels=range(len(THRESHOLDS_MM) + 1)),
        stations=_by_station(grid, blocks, observed, rain),
        observed=observed,
        probability=rain,
    )


def _parts(grid: Grid, blocks: Blocks, regions: dict[str, str]) -> dict[str, Bools]:
    test, held_out = blocks.test, blocks.held_out[blocks.test.station]
    parts = {
        "all": np.ones(len(test), bool),
        "seen stations": ~held_out,
        "held-out stations": held_out,
        # It is easy to forecast that rain goes on; people want to know when it begins.
        "onset: dry now": test.rain_now_mm == 0,
    }
    months = months_of(grid.hours[test.hour])
    for number, season in enumerate(SEASONS):
        parts[f"season {season}"] = months // 3 % 4 == number
    region = np.array([regions.get(str(code), "") for code in grid.station_ids])[test.station]
    for name in sorted(set(regions.values()) - {""}):
        parts[f"region {name}"] = region == name
    return parts


def _classes(forecasts: list[Forecasts], name: str) -> NDArray[np.int8]:
    """The most likely class of each row."""
    exceedance = np.column_stack([it.probability[name] for it in forecasts])
    # A contender that is fitted for each threshold apart may cross itself; the model cannot.
    exceedance = np.minimum.accumulate(exceedance, axis=1)
    return np.asarray(class_probabilities(exceedance).argmax(axis=1), np.int8)


def _by_station(
    grid: Grid, blocks: Blocks, observed: Bools, rain: dict[str, Floats]
) -> pd.DataFrame:
    """The Brier skill against Markov of each station with enough hours."""
    station, size = blocks.test.station, len(grid.station_ids)
    model, markov = (
        np.bincount(station, weights=(rain[name] - observed) ** 2, minlength=size)
        for name in ("model", "markov")
    )
    skills = pd.DataFrame(
        {
            "station_id": grid.station_ids,
            "latitude_deg": grid.places[:, 0],
            "longitude_deg": grid.places[:, 1],
            "held_out": blocks.held_out,
            "hours": np.bincount(station, minlength=size),
            "skill_against_markov": 1 - model / np.maximum(markov, 1e-12),
        }
    )
    return skills[skills["hours"] >= FEWEST_HOURS_OF_STATION].reset_index(drop=True)
