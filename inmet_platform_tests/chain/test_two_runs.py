"""Two runs of the chain at once end as one; every step is tried by `scripts/interleavings.py`."""

from __future__ import annotations

import pytest

from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.chain.interleaving import (
    Way,
    assert_as_after_one_run,
    interleave,
    put,
)
from inmet_platform_tests.embedded import EmbeddedCloud

# Before which step the first run is held, and what becomes of it; `kill -9` is in `test_kills.py`.
CASES: list[tuple[str, Way]] = [
    ("put_landing", "goes on"),
    ("load/record_files", "goes on"),
    ("load/record_files", "is held up"),
    ("load/mark_files_loaded", "goes on"),
    ("clean/create_batch", "is held up"),
    ("clean/merge_observations", "goes on"),
    ("clean/merge_observations", "dies"),
    ("clean/merge_observations", "is held up"),
    ("export/unload_year", "goes on"),
]


@pytest.fixture(scope="module")
def two(embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """One tenant for all cases: each begins where the one before has ended."""
    folder = tmp_path_factory.mktemp("two")
    return Chain(embedded_cloud.tenant(folder / "home"), folder)


@pytest.mark.parametrize(("step", "way"), CASES)
def test_a_run_beside_another_that_is_held_takes_what_it_can_and_waits_for_the_rest(
    two: Chain, step: str, way: Way
) -> None:
    number = 2 * CASES.index((step, way))
    done = interleave(two, number, step, way)
    assert step in done.steps
    assert done.lost_its_lease == (way == "is held up")
    assert {f"{number}.CSV", f"{number + 1}.CSV"} <= two.states().keys()


def test_after_all_of_it_everything_is_as_after_one_run(two: Chain, chain: Chain) -> None:
    files = 2 * len(CASES)
    two.bring()
    for number in range(files):
        put(chain, number)
    chain.bring()
    assert_as_after_one_run(two, chain, files)
