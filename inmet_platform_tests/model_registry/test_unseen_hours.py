"""On which hours a champion is challenged, and what becomes of it when none are left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from mlflow import MlflowClient

from inmet_platform.model.blocks import PURGE_H
from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.model.training import RainModel, train
from inmet_platform.model_registry import registry
from inmet_platform.model_registry.promotion import KEPT, PROMOTED
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform_tests.model.synthetic import LONG_GRID, long_model, part_of
from inmet_platform_tests.model_registry.challengers import (
    asked,
    champion,
    enter,
    place_of,
    shifted,
)
from inmet_platform_tests.model_registry.challengers import client as client
from inmet_platform_tests.model_registry.challengers import no_pictures as no_pictures
from inmet_platform_tests.model_registry.challengers import tracking as tracking


def later_champion() -> RainModel:
    """Made of the later half of the hours; it saw most of the other model's test block."""
    return train(part_of(LONG_GRID, hours=slice(150 * 24, None)))


def test_a_champion_that_saw_most_of_the_test_block_is_not_compared_on_it_and_stays(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    """It would be scored on what it knows by heart; on the few hours left chance would decide."""
    other = later_champion()
    enter(tracking, shifted(2.0, other))
    ended = enter(tracking, shifted(0.0))
    seen_until = np.datetime64(other.periods["calibration"].partition(" to ")[2], "h")
    times = long_model().test_times
    left = np.unique(times[times > seen_until + PURGE_H])
    assert ended.outcome == KEPT
    assert ended.reason == (
        "not compared with version 1: expected at least 1,008 hours (6 weeks) that neither was "
        f"fitted or calibrated on; found {len(left)} ({left[0]} to {left[-1]} UTC, 4 station(s))"
    )
    assert champion(client) == "1"
    assert asked(tracking).passed


def first_hours_seen(model: RainModel, days: int) -> RainModel:
    """The model, as if its calibration had reached some days into the test block."""
    first, _, _ = model.periods["calibration"].partition(" to ")
    until = model.test_times.min() + 24 * days
    return replace(model, periods={**model.periods, "calibration": f"{first} to {until}"})


def test_only_hours_that_the_champion_has_not_seen_are_compared(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    enter(tracking, first_hours_seen(shifted(2.0), days=2))
    ended = enter(tracking, shifted(0.0))
    times = long_model().test_times
    left = np.unique(times[times > times.min() + 2 * 24 + PURGE_H])
    assert ended.outcome == PROMOTED
    assert ended.reason.startswith(
        f"beside version 1, on {len(left):,} hours that neither was fitted or calibrated on "
        f"({left[0]} to {left[-1]} UTC, 4 station(s)), the new model is better"
    )
    assert ended.challenge
    assert ended.challenge.hours == len(left) < len(np.unique(times))
    card = client.download_artifacts(
        client.get_model_version(MODEL_NAME, "2").run_id, "model_card.md"
    )
    assert f"Comparado com a versão 1 em {len(left):,} horas" in Path(card).read_text()


def without_periods(place: Path) -> None:
    """As versions were stored before they told what they were fitted on."""
    file = place / "MLmodel"
    description = yaml.safe_load(file.read_text())
    del description["metadata"]["periods"]
    file.write_text(yaml.safe_dump(description))


def test_what_an_older_champion_has_seen_stands_in_its_run(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    enter(tracking, first_hours_seen(shifted(0.0), days=30))
    without_periods(place_of(client, "1"))
    ended = enter(tracking, shifted(0.0))
    assert ended.reason.startswith("not compared with version 1: ")
    assert "nothing tells" not in ended.reason


def test_a_champion_of_which_nothing_is_known_may_have_seen_everything_and_stays(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    unknown = dict.fromkeys(long_model().periods, "none")
    enter(tracking, replace(shifted(2.0), periods=unknown))
    ended = enter(tracking, shifted(0.0))
    assert ended.outcome == KEPT
    assert "found 0; nothing tells what version 1 was fitted on, so it counts as " in ended.reason
    assert champion(client) == "1"


def test_a_training_that_was_killed_while_it_registered_is_done_again(
    tracking: MlflowTracking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: str) -> None:
        raise KeyboardInterrupt

    fingerprint = long_model().parameters["fingerprint"]
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(MlflowClient, "set_registered_model_alias", killed)
        enter(tracking, shifted(0.0))
    client = tracking.client()
    assert registry.newest_versions(client, 1), "the version is there"
    assert registry.version_with_fingerprint(client, fingerprint) is None
    enter(tracking, shifted(0.0))
    assert registry.version_with_fingerprint(client, fingerprint) == "2"
