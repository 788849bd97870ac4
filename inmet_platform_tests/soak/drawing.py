"""Files of all forms and editions, drawn by a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.inmet import people

CODES = tuple(f"A{number:03}" for number in range(1, 13))
DAYS = tuple(f"2020-{month:02}-01T00" for month in range(1, 7))


@dataclass(frozen=True)
class Drawn:
    """A file to send."""

    name: str
    data: bytes
    is_good: bool = True


def draw(rng: random.Random, number: int) -> Drawn:
    """A file: a station's days in one of many forms, a zip of several, or no file of INMET.

    No two are the same: stations and days come again as newer editions with other values.
    """
    kind = rng.choice(("portal", "portal", "zip", "workbook", "text", "json", "bad"))
    if kind == "bad":
        return Drawn(f"{number}-bad.CSV", b"no file of INMET, number %d\n" % number, is_good=False)
    if kind == "zip":
        codes = rng.sample(CODES, 3)
        files = {f"{code}.CSV": _portal(rng, code, number) for code in codes}
        return Drawn(f"{number}.zip", zip_of(files))
    code = rng.choice(CODES)
    data = _portal(rng, code, number)
    if kind == "portal":
        return Drawn(f"{number}-{code}.CSV", data)
    table = people.taken_apart(data, 48)
    written = {
        "workbook": lambda: (f"{number}-{code}.xlsx", people.as_workbook(table)),
        "text": lambda: (f"{number}-{code}.csv", people.as_text(table).encode()),
        "json": lambda: (
            f"{number}-{code}.json",
            people.as_json(people.coded(people.named(table, people.API))),
        ),
    }
    return Drawn(*written[kind]())


def _portal(rng: random.Random, code: str, number: int) -> bytes:
    return small_portal_file(code, first=rng.choice(DAYS), seed=number * 100 + rng.randrange(100))
