"""The evaluation of a model: every contender, threshold and part of the test block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inmet_platform.model.blocks import Blocks
from inmet_platform.model.classifier import THRESHOLDS_MM, class_probabilities
from inmet_platform.model.contenders import Contenders
from inmet_platform.model.evaluation import macro_f1, reliability
from inmet_platform.model.grid import Grid
from inmet_platform.model.verification import BLOCK_H, Forecasts, Verdict, verify

Bools = NDArray[np.bool_]
SEASONS = ("DJF", "MAM", "JJA", "SON")
# With fewer hours of a station its skill is chance.
FEWEST_HOURS_OF_STATION = 24 * 14


@dataclass(frozen=True)
class Evaluation:
    """What the plots, the card and MLflow take their figures from.

    `verdicts`: scores by threshold, part and contender. `macro_f1`: by contender that gives
    classes. `reliability`: of rain, said, seen and hours. `confusion`: hours by observed and said
    class, shape (4, 4). `stations`: skill of rain by station, with its place.
    `observed` and `probability` are those of rain, for curves.
    """

    verdicts: list[Verdict]
    macro_f1: dict[str, float]
    reliability: NDArray[np.float64]
    confusion: NDArray[np.int64]
    stations: pd.DataFrame
    observed: Bools
    probability: dict[str, NDArray[np.float64]]

    def find(self, threshold_mm: float, part: str, contender: str) -> Verdict:
        """One verdict.

        Raises:
            KeyError: there is none.
        """
        for it in self.verdicts:
            if (it.threshold_mm, it.part, it.contender) == (threshold_mm, part, contender):
                return it
        raise KeyError((threshold_mm, part, contender))

    def table(self) -> pd.DataFrame:
        """One row a verdict, one column a score and bound of its interval."""
        rows = []
        for it in self.verdicts:
            bounds: dict[str, float] = {}
            for name, (low, high) in it.interval.items():
                bounds |= {f"{name}_low": low, f"{name}_high": high}
            rows.append(
                {
                    "threshold_mm": it.threshold_mm,
                    "part": it.part,
                    "contender": it.contender,
                    "hours": it.hours,
                    "events": it.events,
                    **it.scores,
                    **bounds,
                }
            )
        return pd.DataFrame(rows)


def evaluate(
    grid: Grid, blocks: Blocks, contenders: Contenders, regions: dict[str, str]
) -> Evaluation:
    """Score every contender on the test block; nothing is chosen by what comes out."""
    test = blocks.test
    parts = _parts(grid, blocks, regions)
    verdicts: list[Verdict] = []
    for limit in THRESHOLDS_MM:
        forecasts = Forecasts(
            limit,
            test.rain_next_mm > limit,
            contenders.probability[limit],
            contenders.says_rain_from[limit],
            test.hour // BLOCK_H - int(test.hour.min()) // BLOCK_H,
        )
        verdicts += verify(forecasts, parts)
    rain = contenders.probability[THRESHOLDS_MM[0]]
    observed = test.rain_next_mm > 0
    classes = {name: _classes(contenders, name) for name in ("model", "logistic", "persistence")}
    seen = np.searchsorted(THRESHOLDS_MM, test.rain_next_mm.round(1)).astype(np.int8)
    return Evaluation(
        verdicts=verdicts,
        macro_f1={name: macro_f1(seen, said) for name, said in classes.items()},
        reliability=reliability(observed, rain["model"]),
        confusion=_confusion(seen, classes["model"]),
        stations=_by_station(grid, blocks, observed, rain),
        observed=observed,
        probability=rain,
    )


def _parts(grid: Grid, blocks: Blocks, regions: dict[str, str]) -> dict[str, Bools]:
    test = blocks.test
    everything = np.ones(len(test), bool)
    held_out = blocks.test_is_held_out
    parts = {"all": everything, "seen stations": ~held_out, "held-out stations": held_out}
    # Rain that goes on is easy; what people want to know is when it begins.
    parts["onset: dry now"] = test.rain_now_mm == 0
    months = grid.hours[test.hour].astype("datetime64[M]").astype(np.int64) % 12
    for number, season in enumerate(SEASONS):
        parts[f"season {season}"] = ((months + 1) // 3) % 4 == number
    region = np.array([regions.get(str(code), "") for code in grid.station_ids])[test.station]
    for name in sorted(set(regions.values()) - {""}):
        parts[f"region {name}"] = region == name
    return {name: kept for name, kept in parts.items() if kept.any()}


def _classes(contenders: Contenders, name: str) -> NDArray[np.int8]:
    """The most likely class of each row."""
    limits = THRESHOLDS_MM
    exceedance = np.column_stack([contenders.probability[limit][name] for limit in limits])
    # Contenders with a fit of their own a threshold may cross; the model cannot.
    exceedance = np.minimum.accumulate(exceedance, axis=1)
    most_likely: NDArray[np.int8] = class_probabilities(exceedance).argmax(axis=1).astype(np.int8)
    return most_likely


def _confusion(seen: NDArray[np.int8], said: NDArray[np.int8]) -> NDArray[np.int64]:
    size = len(THRESHOLDS_MM) + 1
    cells = np.bincount(seen.astype(np.int64) * size + said, minlength=size * size)
    return cells.reshape(size, size)


def _by_station(
    grid: Grid, blocks: Blocks, observed: Bools, rain: dict[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """Brier skill against Markov of each station with enough hours."""
    test, size = blocks.test, len(grid.station_ids)
    hours = np.bincount(test.station, minlength=size)
    errors = {
        name: np.bincount(test.station, weights=(rain[name] - observed) ** 2, minlength=size)
        for name in ("model", "markov")
    }
    made = pd.DataFrame(
        {
            "station_id": grid.station_ids,
            "latitude_deg": grid.places[:, 0],
            "longitude_deg": grid.places[:, 1],
            "held_out": blocks.held_out,
            "hours": hours,
            "skill_against_markov": 1 - errors["model"] / np.maximum(errors["markov"], 1e-12),
        }
    )
    return made[made["hours"] >= FEWEST_HOURS_OF_STATION].reset_index(drop=True)
