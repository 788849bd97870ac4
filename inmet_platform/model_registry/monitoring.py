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

# The newest month; its windows look back to the month before.
MONITORED_H = 30 * 24
# With fewer hours since the test block the score on them is chance.
FEWEST_HOURS = 1000
WORST_RATIO = 1.5
# Features that follow the calendar or remember weeks never look the same in a month and in a year.
NOT_MONITORED = re.compile(r"season_|_(15|30)d\b")
# Dashboards list the features that moved most.
LISTED = 15


@dataclass(frozen=True)
class ChampionHealth:
    """How well the champion fits the newest month.

    `indexes`: the stability index of each feature, the largest first. `hours`: since the test
    block. `brier`: on these hours, NaN with too few of them; `expected_brier`: on the test block.
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

    @property
    def fits(self) -> bool:
        """Whether no feature has drifted and the score is not much worse."""
        return not self.drifted and not self.brier > WORST_RATIO * self.expected_brier

    def summary(self) -> dict[str, Any]:
        """For dashboards: the features that moved most, each with the champion's version."""
        return {
            "drift": [
                {
                    "version": self.version,
                    "feature": name,
                    "index": round(index, 4),
                    "has_drifted": index > DRIFT_LIMIT,
                }
                for name, index in list(self.indexes.items())[:LISTED]
            ],
        }


def check_champion(settings: Settings, files: ResultFiles) -> ChampionHealth | None:
    """Look at the newest month; None without observations or a champion with these features."""
    from inmet_platform.model.features import examples_at, labelled_hours
    from inmet_platform.model.reading import read_grid, read_stations
    from inmet_platform.model.scores import brier
    from inmet_platform.model.station_features import LOOK_BACK_H

    client = registry.open_client(settings)
    found = registry.champion_version(client)
    if found is None:
        return None
    places = read_stations(files.stations_csv).places
    grid = read_grid(files.clean_folder, places, newest_hours=MONITORED_H + LOOK_BACK_H)
    if grid is None:
        return None
    champion = registry.load(client, found)
    kept = labelled_hours(grid)
    kept[:, : max(grid.shape[1] - MONITORED_H, 0)] = False
    [rows] = examples_at(grid, [(np.nonzero(kept), np.float32)])
    if not champion.has_features(rows.names):
        return None
    indexes = stability(registry.feature_profile(client, champion.run_id), rows, grid.hours)
    monitored = {name: it for name, it in indexes.items() if not NOT_MONITORED.search(name)}
    trained_until = np.datetime64(str(champion.metadata["period"]).rpartition(" ")[2], "h")
    unseen = rows.where(grid.hours[rows.hour] > trained_until)
    score = float("nan")
    if len(unseen) >= FEWEST_HOURS:
        probability = champion.estimator.predict_proba(unseen.features)[:, 0]
        score = brier(unseen.rain_next_mm > 0, probability)
    metrics = client.get_run(champion.run_id).data.metrics
    return ChampionHealth(
        version=champion.version,
        indexes=dict(sorted(monitored.items(), key=lambda item: -item[1])),
        hours=len(unseen),
        brier=score,
        expected_brier=metrics.get("over_0_mm_model_brier", float("nan")),
    )
