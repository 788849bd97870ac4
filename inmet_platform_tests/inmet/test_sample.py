import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inmet_platform.inmet.portal_form import Vintage
from inmet_platform.inmet.rain_classes import DEFAULT_SCALE, class_names
from inmet_platform.inmet.readers import read_observations
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform.inmet.schema import STATION_ID_PATTERN, VARIABLE_NAMES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def year() -> pd.DataFrame:
    name, data = sample_station_year(2023)
    return read_observations(data, file=name).table.to_pandas()


FORMS = [
    (2018, "2000-2018", "DATA DE FUNDAÇÃO (YYYY-MM-DD):;2000-05-07", "2018-01-01;00:00;"),
    (2019, "2019", "DATA DE FUNDAC?O:;07/05/00", "2019/01/01;0000 UTC;"),
    (2020, "2020-", "DATA DE FUNDACAO:;07/05/00", "2020/01/01;0000 UTC;"),
]


@pytest.mark.parametrize(
    ("year", "vintage", "founded", "first_row"), FORMS, ids=["2018", "2019", "2020"]
)
def test_sample_has_the_form_of_its_year(
    year: int, vintage: Vintage, founded: str, first_row: str
) -> None:
    data = sample_station_year(year)[1]
    lines = data.decode("latin-1").split("\n")
    assert lines[7] == founded
    assert lines[9].startswith(first_row)
    assert {line.count(";") for line in lines[8:-1]} == {19}
    assert b"\r" not in data
    assert (";-9999;" in data.decode("latin-1")) == (vintage == "2000-2018")
    assert (";;" in "".join(lines[9:])) == (vintage != "2000-2018")


@pytest.mark.parametrize(("year", "hours"), [(2019, 8760), (2020, 8784)])
def test_sample_has_a_row_for_every_hour_and_some_without_observation(
    year: int, hours: int
) -> None:
    name, data = sample_station_year(year)
    report = read_observations(data, file=name).report
    assert report.rows == hours
    assert 0.98 * hours < report.observations < hours
    assert not report.repairs


def test_any_year_can_be_written_in_any_form() -> None:
    data = sample_station_year(2023, vintage="2000-2018")[1]
    assert read_observations(data, file="x").report.vintage == "2000-2018"


def test_sample_says_that_it_is_no_data_of_inmet() -> None:
    name, data = sample_station_year(2023)
    assert name == (
        "INMET_CO_DF_Z999_ESTACAO SINTETICA (NAO E DADO DO INMET)_01-01-2023_A_31-12-2023.CSV"
    )
    assert b"NAO E DADO DO INMET" in data.split(b"\n")[2]
    assert pd.Series(["Z999"]).str.fullmatch(STATION_ID_PATTERN).all()


def test_numbers_have_no_zero_before_the_comma() -> None:
    body = sample_station_year(2023)[1].decode("latin-1").split("\n", 9)[9]
    assert ";,2;" in body
    assert ";0," not in body
    assert ";-0," not in body


def test_another_process_writes_the_same_bytes() -> None:
    code = (
        "import hashlib, sys; from inmet_platform.inmet.sample import sample_station_year; "
        "sys.stdout.write(hashlib.sha256(sample_station_year(2021, seed=7)[1]).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    here = hashlib.sha256(sample_station_year(2021, seed=7)[1]).hexdigest()
    assert there.stdout.decode() == here


def test_another_seed_writes_other_weather() -> None:
    assert sample_station_year(2021, seed=1) != sample_station_year(2021, seed=2)


def test_every_rain_class_occurs_and_rain_falls_in_tips(year: pd.DataFrame) -> None:
    rain = year["precipitation_mm"].to_numpy()
    assert set(class_names(rain)) == {*DEFAULT_SCALE.classes, "sem dado"}
    tips = rain[~np.isnan(rain)] / 0.2
    np.testing.assert_allclose(tips, np.round(tips), atol=1e-9)


def test_rain_persists_and_falls_in_the_wet_season(year: pd.DataFrame) -> None:
    wet = year["precipitation_mm"] > 0
    assert wet[wet.shift(1, fill_value=False)].mean() > 5 * wet.mean()
    month = year["observed_at"].dt.month
    assert wet[month.isin([12, 1, 2])].sum() > 2 * wet[month.isin([6, 7, 8])].sum()


@pytest.mark.parametrize("name", ["pressure_{}hpa", "temperature_{}c", "humidity_{}pct"])
def test_values_lie_between_their_extremes(year: pd.DataFrame, name: str) -> None:
    low, value, high = (year[name.format(part)].dropna() for part in ("min_", "", "max_"))
    assert (low <= value).all()
    assert (value <= high).all()


def test_quantities_agree_with_each_other(year: pd.DataFrame) -> None:
    seen = year.dropna(subset=["temperature_c"])
    assert (seen["dew_point_c"] <= seen["temperature_c"]).all()
    assert seen["humidity_pct"].between(10, 100).all()
    assert (seen["wind_gust_ms"] >= seen["wind_speed_ms"]).all()
    assert seen["wind_direction_deg"].between(1, 360).all()
    spread = seen["temperature_c"] - seen["dew_point_c"]
    assert spread.corr(seen["humidity_pct"]) < -0.9


def test_radiation_is_missing_at_night_and_never_negative(year: pd.DataFrame) -> None:
    hour = year["observed_at"].dt.hour
    assert year.loc[hour.between(0, 8), "radiation_kj_m2"].isna().all()
    noon = year.loc[hour == 15, "radiation_kj_m2"].dropna()
    assert noon.between(200, 4500).all()
    assert noon.median() > 2000


def test_a_missing_hour_misses_every_variable(year: pd.DataFrame) -> None:
    gone = year["temperature_c"].isna()
    assert gone.any()
    assert year.loc[gone, list(VARIABLE_NAMES)].isna().all(axis=None)


def test_the_sample_is_the_same_for_the_same_seed_and_says_what_it_is() -> None:
    first, again, other = (sample_station_year(2023, seed=seed)[1] for seed in (1, 1, 2))
    assert first == again != other
    header = read_observations(first, file="f.CSV").header
    assert header
    assert header.name == "ESTACAO SINTETICA (NAO E DADO DO INMET)"


@pytest.mark.parametrize(("year", "hours"), [(2018, 8760), (2019, 8760), (2020, 8784)])
def test_the_sample_is_plausible_weather(year: int, hours: int) -> None:
    table = read_observations(sample_station_year(year)[1], file="f.CSV").table
    values = {name: table[name].to_numpy() for name in VARIABLE_NAMES}
    assert table.num_rows == hours
    with np.errstate(invalid="ignore"):
        assert not (values["dew_point_c"] > values["temperature_c"]).any()
        assert not (values["temperature_max_c"] < values["temperature_c"]).any()
        assert not (values["humidity_min_pct"] > values["humidity_pct"]).any()
    assert 300 < np.nansum(values["precipitation_mm"]) < 5000
    assert np.isnan(values["radiation_kj_m2"][3]), "no radiation at 03 UTC, at night"
