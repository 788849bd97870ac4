"""Whether the champion still fits: drift of its features, and its score on hours it never saw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from inmet_platform.model.drift import DRIFT_LIMIT, stability
from inmet_platform.model_registry import registry
from inmet_platform.results.result_files import ResultFiles

if TYPE_CHECKING:
    from inmet_platform.config.settings import Settings

# Of the newest hours: a month, and the month before it that its windows look back to.
WATCHED_H = 30 * 24
# With fewer hours since the test block its score there is chance.
FEWEST_HOURS = 1000
WORST_RATIO = 1.5
# What follows the calendar, or remembers weeks, is never in a month what it is in the whole one.
STEADY = re.compile(r"season_|_(15|30)d\b")
# Of more than a hundred features those that moved most.
SHOWN = 15


@dataclass(frozen=True)
class Watched:
    """What was found of the champion.

    `indexes`: of each feature, the largest first. `hours`: seen since the test block. `brier`
    there, NaN with too few, and `expected_brier` of the test block.
    """

    version: str
    indexes: dict[str, float]
    hours: int
    brier: float
    expected_brier: float

    @property
    def drifted(self) -> dict[str, float]:
        """The features whose index is over the limit."""
        return {name: index for name, index in self.indexes.items() if index > DRIFT_LIMIT}

    def summary(self) -> dict[str, Any]:
        """For dashboards: the features that moved most, each with the champion's version."""
        moved = list(self.indexes.items())[:SHOWN]
        return {
            "drift": [
                {
                    "version": self.version,
                    "feature": name,
                    "index": round(index, 4),
                    "has_drifted": index > DRIFT_LIMIT,
                }
                for name, index in moved
            ],
        }

    @property
    def fits(self) -> bool:
        """No feature has drifted much, and the score is not much worse."""
        is_worse = self.brier > WORST_RATIO * self.expected_brier
        return not self.drifted and not is_worse


def watch_champion(settings: Settings, files: ResultFiles) -> Watched | None:
    """Look at the newest month; None without observations or a champion that knows the features."""
    from inmet_platform.model.features import Hours, examples_at, labelled_hours
    from inmet_platform.model.reading import read_grid, read_stations
    from inmet_platform.model.station_features import LOOK_BACK_H

    client = registry.open_client(settings)
    found = registry.champion_version(client)
    if found is None:
        return None
    places = read_stations(files.stations_csv).places
    grid = read_grid(files.clean_folder, places, newest_hours=WATCHED_H + LOOK_BACK_H)
    if grid is None:
        return None
    champion = registry.load(client, found)
    kept = labelled_hours(grid)
    kept[:, : max(grid.shape[1] - WATCHED_H, 0)] = False
    station, hour = np.nonzero(kept)
    rows = examples_at(grid, Hours(station, hour), np.zeros(grid.shape[0], bool))
    if not champion.knows(rows.names):
        return None
    indexes = stability(registry.profile_of(client, champion.run_id), rows, grid.hours)
    watched = {name: index for name, index in indexes.items() if not STEADY.search(name)}
    learned_until = np.datetime64(str(champion.told["period"]).rpartition(" ")[2], "h")
    unseen = rows.where(grid.hours[rows.hour] > learned_until)
    brier = float("nan")
    if len(unseen) >= FEWEST_HOURS:
        said = champion.estimator.predict_proba(unseen.features)[:, 0]
        brier = float(np.mean((said - (unseen.rain_next_mm > 0)) ** 2))
    metrics = client.get_run(champion.run_id).data.metrics
    return Watched(
        version=champion.version,
        indexes=dict(sorted(watched.items(), key=lambda item: -item[1])),
        hours=len(unseen),
        brier=brier,
        expected_brier=metrics.get("over_0_mm_model_brier", float("nan")),
    )
