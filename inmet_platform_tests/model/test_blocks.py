from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inmet_platform.model.blocks import PURGE, Blocks, period, split
from inmet_platform.model.features import Examples
from inmet_platform_tests.model.made import known


def assert_forward_and_purged(blocks: Blocks) -> None:
    filled = [block for block in vars(blocks).values() if len(block.hours)]
    for earlier, later in pairwise(filled):
        assert later.hours.min() - earlier.hours.max() > PURGE


def test_blocks_are_three_fifths_one_fifth_one_fifth_less_the_purges() -> None:
    blocks = split(known([0] * 1000, [0] * 1000))
    assert [len(block.hours) for block in vars(blocks).values()] == [600, 176, 176]
    assert_forward_and_purged(blocks)


def test_rows_stay_with_their_hours() -> None:
    classes = [hour % 5 for hour in range(1000)]
    blocks = split(known(classes, [*classes[1:], 0]))
    for block in vars(blocks).values():
        hour = (block.hours - np.datetime64("2020-01-01")) // np.timedelta64(1, "h")
        assert (block.rain_class_now == hour % 5).all()
        assert (block.rain_class_next == (hour + 1) % 5).all()
        assert len(block.features) == len(block.hours)


def test_a_pause_of_years_leaves_no_block_empty() -> None:
    early = known([0] * 900, [0] * 900)
    late = known([0] * 100, [0] * 100, first="2024-01-01T00")
    both = Examples(
        known([0] * 1000, [0] * 1000).features,
        np.concatenate([early.rain_class_now, late.rain_class_now]),
        np.concatenate([early.rain_class_next, late.rain_class_next]),
        np.concatenate([early.hours, late.hours]),
    )
    blocks = split(both)
    assert all(len(block.hours) for block in vars(blocks).values())
    assert_forward_and_purged(blocks)


@settings(max_examples=50, deadline=None)
@given(span=st.integers(1, 5000), seed=st.integers(0, 1000))
def test_no_hour_is_in_two_blocks_whatever_the_gaps_and_stations(span: int, seed: int) -> None:
    made = known([0] * 500, [0] * 500)
    drawn = np.random.default_rng(seed).integers(0, span, 500)
    hours = np.datetime64("2020-01-01", "ns") + drawn * np.timedelta64(1, "h")
    blocks = split(Examples(made.features, made.rain_class_now, made.rain_class_next, hours))
    assert_forward_and_purged(blocks)


def test_period_is_told_by_hours() -> None:
    assert period(known([0, 0], [0, 0])) == "2020-01-01T00 to 2020-01-01T01"
    assert period(known([], [])) == "none"
