"""Who forecasts: the model, a logistic regression on the same features, and the baselines.

The baselines are forecasts that cost nothing and that the model must beat: persistence,
climatology, Markov. Each gives the probability of more than a threshold in the next hour, shape
(n,), and is fitted on the training block.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from inmet_platform.inmet.rain_classes import DEFAULT_SCALE, class_numbers
from inmet_platform.model.blocks import Blocks, thinned
from inmet_platform.model.classifier import (
    FEWEST_EVENTS,
    THRESHOLDS_MM,
    RainClassifier,
    predict_in_parts,
)
from inmet_platform.model.features import Examples
from inmet_platform.model.grid import Floats, Grid, months_of
from inmet_platform.model.scores import best_threshold
from inmet_platform.model.verification import Forecasts

# A cell of climatology with fewer hours takes the frequency of the wider cell.
FEWEST_HOURS = 15
# Amounts that tell more about the next hour than the rain classes do: 0.2 mm is often the last tip.
AMOUNTS_MM = (0.0, 0.2, 0.4, 0.8, 1.8, 5.0, 10.0, 25.0)
# A straight line needs no more to be found.
MOST_ROWS_FOR_LOGISTIC = 100_000


def fit_contenders(grid: Grid, blocks: Blocks) -> tuple[RainClassifier, list[Forecasts]]:
    """Fit all on the training block.

    Returns:
        The model, and for each threshold what every contender forecasts for the test block. It
        forecasts rain from the probability that has the highest CSI on the calibration block.
    """
    train, calibration, test = blocks.train, blocks.calibration, blocks.test
    model = RainClassifier().fit(
        train.features, train.rain_next_mm, calibration.features, calibration.rain_next_mm
    )
    of_model = [(block, model.predict_proba(block.features)) for block in (calibration, test)]
    forecasts = []
    for number, limit in enumerate(THRESHOLDS_MM):
        logistic = _fit_logistic(train, limit)
        before, said = (
            {
                "model": exceedance[:, number],
                "logistic": logistic(block),
                **{name: it(grid, train, block, limit) for name, it in BASELINES.items()},
            }
            for block, exceedance in of_model
        )
        rained = calibration.rain_next_mm > limit
        thresholds = {name: best_threshold(rained, values) for name, values in before.items()}
        forecasts.append(Forecasts(limit, test.rain_next_mm > limit, said, thresholds, test.hour))
    return model, forecasts


def _fit_logistic(train: Examples, over_mm: float) -> Callable[[Examples], Floats]:
    """A logistic regression on hours drawn with a fixed seed; the median stands in for NaN."""
    rows = thinned(np.ones(len(train), bool), MOST_ROWS_FOR_LOGISTIC)
    exceeded = train.rain_next_mm[rows] > over_mm
    if min(exceeded.sum(), (~exceeded).sum()) < FEWEST_EVENTS:
        frequency = float((exceeded.sum() + 1) / (len(exceeded) + 2))
        return lambda block: np.full(len(block), frequency)
    # A feature that was never measured has no median.
    line = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=200, tol=1e-3),
    ).fit(train.features[rows], exceeded)
    return lambda block: predict_in_parts(
        lambda part: line.predict_proba(part)[:, 1], block.features
    )


def persistence(grid: Grid, train: Examples, test: Examples, over_mm: float) -> Floats:  # noqa: ARG001
    """The next hour is as this one; a missing hour counts as dry."""
    return (test.rain_now_mm > over_mm).astype(np.float64)


def climatology(grid: Grid, train: Examples, test: Examples, over_mm: float) -> Floats:
    """The frequency at this hour of this month at the station, or in the widest cell it needs.

    From narrow to wide: station, month and hour; station and hour; hour; everything.
    """
    exceeded = train.rain_next_mm > over_mm
    frequency = np.full(len(test), exceeded.mean() if len(train) else 0.0)
    size = len(grid.station_ids) * 12 * 24
    for past, wanted in zip(_cells(grid, train), _cells(grid, test), strict=True):
        counts = np.bincount(past, minlength=size)
        events = np.bincount(past, weights=exceeded, minlength=size)
        enough = counts[wanted] >= FEWEST_HOURS
        frequency[enough] = events[wanted[enough]] / counts[wanted[enough]]
    return frequency


def markov(grid: Grid, train: Examples, test: Examples, over_mm: float) -> Floats:  # noqa: ARG001
    """The frequency after an hour of the present rain class."""
    return _after(train, test, over_mm, DEFAULT_SCALE.bounds_mm)


def markov_by_amount(grid: Grid, train: Examples, test: Examples, over_mm: float) -> Floats:  # noqa: ARG001
    """The frequency after an hour of about the present amount: harder to beat than by class."""
    return _after(train, test, over_mm, AMOUNTS_MM)


BASELINES = {it.__name__: it for it in (persistence, climatology, markov, markov_by_amount)}


def _after(train: Examples, test: Examples, over_mm: float, bounds_mm: tuple[float, ...]) -> Floats:
    """The frequency after an hour with rain between the same bounds, or after a missing one."""
    exceeded = train.rain_next_mm > over_mm
    before, now = (
        class_numbers(block.rain_now_mm.astype(np.float64).round(1), bounds_mm)
        for block in (train, test)
    )
    frequency = np.full(len(now), exceeded.mean() if len(exceeded) else 0.0)
    for state in np.unique(before):
        frequency[now == state] = exceeded[before == state].mean()
    return frequency


def _cells(grid: Grid, block: Examples) -> list[NDArray[np.int64]]:
    """The cell of each row, shape (n,): by hour; station and hour; station, month and hour."""
    hours = grid.hours[block.hour]
    of_day, month = hours.astype(np.int64) % 24, months_of(hours) - 1
    return [of_day, block.station * 24 + of_day, (block.station * 12 + month) * 24 + of_day]
