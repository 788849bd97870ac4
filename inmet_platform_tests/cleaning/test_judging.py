"""CLEAN judged anew is what a load from nothing gives by the same rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from inmet_platform.cleaning.judging import judge_years, present_years
from inmet_platform.definitions import build_defs
from inmet_platform.inmet.quality import flags
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLE_NAMES
from inmet_platform.warehouse.session import Row, open_session
from inmet_platform_tests.chain.chain import Chain, metadata_of
from inmet_platform_tests.cleaning.plausible import plausible
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.warehouse.views.made import dated_zip

COLUMNS = ", ".join([*VARIABLE_NAMES, *FLAG_NAMES.values(), "qc_tests", "edition"])
YEARS = [2018, 2019, 2020]
# Limits that much of a plausible station breaks: values become null, others suspect.
STRICTER = {
    "temperature_range": {"temperature_c": "temperature_c > 24"},
    "precipitation_range": {"precipitation_mm": "precipitation_mm > 0.3"},
    "wind_gust_high": {"wind_gust_ms": "wind_gust_ms > 5.7"},
    "temperature_step": {
        "temperature_c": "ABS(temperature_c - temperature_c_1) > 0.5"
        " AND GREATEST(rain_before, rain_now, rain_after) = 0"
    },
    "pressure_unusual": {"pressure_hpa": "ABS(pressure_hpa - usual_pressure_hpa) > 1"},
}


def _around(code: str, year: int) -> bytes:
    """Twelve days before a year and ten of it, with a border that hangs on both sides of it."""
    made = plausible(code, f"{year - 1}-12-20", 24 * 22)
    for label in (f"{year - 1}-12-31T22", f"{year}-01-01T00"):
        made.at(label, temperature_c=24.5, precipitation_mm=0.4)
    for label in (f"{year - 1}-12-31T23", f"{year}-01-01T01"):
        made.at(label, temperature_c=23.9)
    return made.file()


FILES = dated_zip(
    {
        f"{code}_{year}.CSV": (_around(code, year), (2020, 2, 1))
        for code in ("A001", "A002")
        for year in (2019, 2020)
    }
)


def _load(chain: Chain) -> None:
    chain.put("made.zip", FILES)
    chain.bring("merge")


@pytest.fixture
def stricter(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rules = tuple(
        replace(rule, conditions=STRICTER.get(rule.name, rule.conditions)) for rule in flags.RULES
    )
    monkeypatch.setattr(flags, "RULES", rules)
    for cached in (flags.sql_fragments, flags.rules_digest):
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in (flags.sql_fragments, flags.rules_digest):
        cached.cache_clear()


@pytest.fixture(scope="module")
def before(embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """Loaded by the rules as they are; a test judges it by others, and another once more."""
    folder = tmp_path_factory.mktemp("before")
    chain = Chain(embedded_cloud.tenant(folder), folder)
    _load(chain)
    return chain


def rows_of(chain: Chain, more: str = "") -> dict[tuple[str, str], Row]:
    columns = f"station_id, observed_at, {COLUMNS}{more}"
    rows = chain.sql(f"SELECT {columns} FROM CLEAN.OBSERVATIONS")  # noqa: S608 - our own names
    return {(row["station_id"], str(row["observed_at"])): row for row in rows}


def judge(chain: Chain, years: list[int]) -> list[str]:
    said: list[str] = []
    with open_session(chain.settings, tag="test") as session:
        judge_years(session, years, said.append)
    return said


def unjudged(chain: Chain) -> list[int]:
    with open_session(chain.settings, tag="test") as session:
        return [row["of_year"] for row in present_years(session) if not row["is_judged"]]


def test_every_row_is_what_a_load_from_nothing_gives(
    before: Chain, embedded_cloud: EmbeddedCloud, tmp_path: Path, stricter: None
) -> None:
    """First a year alone, then, after an interruption, the rest; then once more for nothing."""
    anew = Chain(embedded_cloud.tenant(tmp_path), tmp_path)
    _load(anew)
    expected, old = rows_of(anew), rows_of(before, ", merged_at")
    assert len(expected) == len(old)
    assert unjudged(before) == YEARS

    judge(before, [2019])
    now = rows_of(before, ", merged_at")
    beside = {key for key in now if not "2018-12-31 23" <= key[1] <= "2020-01-01 22:00:00"}
    assert {key: now[key] for key in beside} == {key: old[key] for key in beside}
    without = [{n: v for n, v in now[key].items() if n != "merged_at"} for key in sorted(now)]
    for row in without:
        if str(row["observed_at"]).startswith("2019"):
            assert row == expected[row["station_id"], str(row["observed_at"])]
    assert unjudged(before) == [2018, 2020]

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with open_session(before.settings, tag="test") as session, pytest.raises(KeyboardInterrupt):
        judge_years(session, unjudged(before), interrupt)
    assert unjudged(before) == [2020]
    judge(before, unjudged(before))
    assert unjudged(before) == []
    assert rows_of(before) == expected
    changed = [key for key, row in expected.items() if row != _without_time(old[key])]
    assert len(changed) > 500, "the rules are others indeed"

    told = judge(before, YEARS)
    assert told == [f"{year} judged: 0 hours have other values, 0 other flags" for year in YEARS]


def _without_time(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "merged_at"}


def test_a_merge_of_another_year_leaves_the_verdict_on_an_hour_beside_rain(chain: Chain) -> None:
    """A step that only the rain of the next hour explains, which is in the year after next."""
    border = plausible("A001", "2019-12-25", 24 * 14)
    border.at("2019-12-31T23", temperature_c=33.0, temperature_max_c=33.1)
    border.at("2020-01-01T00", precipitation_mm=0.4)
    chain.put("border.zip", dated_zip({"a.CSV": (border.file(), (2020, 2, 1))}))
    chain.bring("merge")
    before = rows_of(chain)
    assert before["A001", "2019-12-31 23:00:00"]["temperature_flag"] == flags.GOOD
    chain.put("2018.CSV", plausible("A001", "2018-06-01", 48).file())
    chain.bring("merge")
    now = rows_of(chain)
    assert {key: now[key] for key in before} == before


def test_a_judging_beside_a_merge_brings_nothing_older_back(
    chain: Chain, stricter: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The merge ends after the judging has read which readings there are, and before it writes."""
    old = plausible("A001", "2019-06-01", 48)
    chain.put("old.zip", dated_zip({"a.CSV": (old.file(), (2020, 1, 1))}))
    chain.bring("merge")
    new = plausible("A001", "2019-06-01", 48)
    new.at("2019-06-01T05", **dict.fromkeys(VARIABLE_NAMES, float("nan")))
    new.at("2019-06-01T06", temperature_c=11.1)
    chain.put("new.zip", dated_zip({"a.CSV": (new.file(), (2020, 2, 1))}))
    with open_session(chain.settings, tag="test") as session:
        real = session.execute

        def merging(name: str, **values: object) -> int:
            if name == "clean/judge_observations":
                chain.bring("merge")
            return real(name, **values)

        monkeypatch.setattr(session, "execute", merging)
        judge_years(session, [2019], lambda _: None)
    rows = rows_of(chain)
    assert len(rows) == 47
    assert ("A001", "2019-06-01 05:00:00") not in rows
    assert rows["A001", "2019-06-01 06:00:00"]["temperature_c"] == 11.1


def _files(chain: Chain) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in chain.files.clean_folder.glob("*.parquet")}


def test_a_partition_of_the_job_judges_its_year_and_writes_its_files_alone(
    chain: Chain, request: pytest.FixtureRequest
) -> None:
    """The partitions are the years of CLEAN."""
    made = {year: plausible("A001", f"{year}-06-01", 48).file() for year in (2019, 2020)}
    chain.put("a.zip", dated_zip({f"{it}.CSV": (data, (2021, 1, 1)) for it, data in made.items()}))
    with dg.DagsterInstance.ephemeral() as instance:
        job = build_defs(chain.settings).resolve_job_def("inmet_intake")
        job.execute_in_process(instance=instance)
        assert instance.get_dynamic_partitions("clean_years") == ["2019", "2020"]
        before = {
            path.name: path.read_bytes() for path in chain.files.clean_folder.glob("*.parquet")
        }
        request.getfixturevalue("stricter")
        job = build_defs(chain.settings).resolve_job_def("judge_years")
        done = job.execute_in_process(instance=instance, partition_key="2019")
    assert metadata_of(done, "inmet_clean_csv")["years_written"] == "2019"
    now = _files(chain)
    assert [name for name in sorted(now) if now[name] != before[name]] == ["2019.parquet"]


def test_of_a_year_that_holds_an_hour_twice_no_file_is_written(chain: Chain) -> None:
    chain.put("a.CSV", plausible("A001", "2019-06-01", 48).file())
    chain.bring()
    before = _files(chain)
    chain.sql("INSERT INTO CLEAN.OBSERVATIONS SELECT * FROM CLEAN.OBSERVATIONS")
    with dg.DagsterInstance.ephemeral() as instance:
        done = (
            build_defs(chain.settings)
            .resolve_job_def("judge_years")
            .execute_in_process(
                instance=instance,
                run_config={"ops": {"judge_clean": {"config": {"years": [2019]}}}},
                raise_on_error=False,
            )
        )
    assert not done.success
    assert _files(chain) == before
