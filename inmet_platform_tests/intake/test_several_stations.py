"""A file of several stations: a table with a column of codes, or files put one after the other."""

from __future__ import annotations

from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file, zip_of

CODES = ("A001", "A002", "A801")


def _table_of_stations() -> bytes:
    rows = [
        f"2020-01-01,{hour:02}:00,{code},{number}.2"
        for hour in range(24)
        for number, code in enumerate(CODES)
    ]
    return ("\n".join(["data,hora,id_estacao,chuva", *rows]) + "\n").encode()


def test_each_station_of_a_table_reaches_clean(chain: Chain) -> None:
    chain.put("estacoes.csv", _table_of_stations())
    chain.bring("merge")
    rows = chain.sql(
        "SELECT station_id, COUNT(*) AS n, MAX(precipitation_mm) AS rain"
        " FROM CLEAN.OBSERVATIONS GROUP BY station_id ORDER BY station_id"
    )
    assert [(row["station_id"], row["n"], row["rain"]) for row in rows] == [
        ("A001", 24, 0.2),
        ("A002", 24, 1.2),
        ("A801", 24, 2.2),
    ]
    [file] = chain.sql("SELECT station_count, member_count, row_count FROM RAW.FILES")
    assert (file["station_count"], file["member_count"], file["row_count"]) == (3, 1, 72)


def test_the_same_table_in_a_zip_is_not_landed_again(chain: Chain) -> None:
    chain.put("estacoes.csv", _table_of_stations())
    chain.bring("merge")
    chain.put("estacoes.zip", zip_of({"estacoes.csv": _table_of_stations()}))
    chain.bring("merge")
    assert set(chain.states().values()) == {"clean"}
    assert chain.count("RAW.OBSERVATIONS") == 72
    assert chain.count("RAW.STATION_HEADERS") == 6


def test_the_same_bytes_under_two_names_of_a_zip_are_in_raw_once(chain: Chain) -> None:
    data = small_portal_file(hours=24)
    chain.put("twice.zip", zip_of({"a/A001.CSV": data, "b/A001.CSV": data}))
    chain.bring("merge")
    assert chain.count("RAW.OBSERVATIONS") == 24
    # Alone and newer: its hours are those that are there.
    chain.put("alone.zip", zip_of({"A001.CSV": data, "A002.CSV": small_portal_file("A002")}))
    chain.bring("merge")
    assert set(chain.states().values()) == {"clean"}
    [once] = chain.sql("SELECT COUNT(*) AS n FROM CLEAN.OBSERVATIONS WHERE station_id = 'A001'")
    assert once["n"] == 24


def test_an_hour_that_a_file_says_twice_is_there_once(chain: Chain) -> None:
    rows = ["data,hora,chuva", "2020-01-01,0000,0.2", "2020-01-01,0100,0.4", "2020-01-01,0100,0.6"]
    chain.put("A001.csv", ("\n".join(rows) + "\n").encode())
    chain.bring("merge")
    [header] = chain.sql("SELECT repeated_hour_count FROM RAW.STATION_HEADERS")
    assert header["repeated_hour_count"] == 1
    found = chain.sql("SELECT precipitation_mm FROM CLEAN.OBSERVATIONS ORDER BY observed_at")
    assert [row["precipitation_mm"] for row in found] == [0.2, 0.6]


def test_two_years_put_one_after_the_other_are_both_there(chain: Chain) -> None:
    both = small_portal_file(hours=24) + small_portal_file(first="2021-01-01T00", hours=24, seed=1)
    chain.put("A001.CSV", both)
    chain.bring("merge")
    assert chain.states() == {"A001.CSV": "clean"}
    [headers] = chain.sql("SELECT COUNT(DISTINCT reading_id) AS n FROM RAW.STATION_HEADERS")
    assert headers["n"] == 2
    years = chain.sql("SELECT DISTINCT YEAR(observed_at) AS y FROM CLEAN.OBSERVATIONS ORDER BY 1")
    assert [row["y"] for row in years] == [2020, 2021]
