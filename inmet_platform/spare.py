"""The CSV before the present one, kept so that the next is made of it by writing what it lacks.

It stands beside the Parquet files under a name of its own, with its manifest. Both are second
names of files that stood under the final names, and none of these is ever written in place.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from inmet_platform.csv_file import nobody_has_open
from inmet_platform.manifest import manifest_of, read_years

_SPARE, _SPARE_MANIFEST = ".before.csv", ".before.json"


def take_spare(csv: Path, whole: Path) -> list[tuple[int, str]]:
    """Make the CSV before the present one the start of the next.

    Args:
        csv: the present CSV.
        whole: where the next one is written; no file is there yet.

    Returns:
        Size and digest of the pieces that `whole` holds now, in their order; none when there is
        no such CSV, or somebody else has it: then `whole` is not there either.
    """
    folder = csv.with_suffix("")
    spare, manifest = folder / _SPARE, folder / _SPARE_MANIFEST
    years = read_years(spare, manifest)
    manifest.unlink(missing_ok=True)
    if years:
        spare.replace(whole)  # first, so that nobody opens it any more
        if _is_ours_alone(whole):
            return [(year.csv_bytes, year.sha256) for year in years]
        whole.unlink()
    spare.unlink(missing_ok=True)
    return []


def _is_ours_alone(whole: Path) -> bool:
    """Whether it may be written into: no other name leads to it and nobody reads it.

    Another name is a user's copy by `ln` or `cp -al`, or the present CSV's after a killed export.
    """
    found = whole.lstat()
    if not (stat.S_ISREG(found.st_mode) and found.st_nlink == 1):
        return False
    fresh = whole.with_name("fresh")
    fresh.touch()
    try:
        whole.chmod(stat.S_IMODE(fresh.stat().st_mode))
    except OSError:  # another user's
        return False
    return nobody_has_open(whole)


def keep_as_spare(csv: Path) -> None:
    """Second names for the present CSV and its manifest, which outlive the next taking theirs."""
    if csv.is_symlink():  # a name of its own for the target of somebody's link would change that
        return
    folder = csv.with_suffix("")
    with suppress(OSError):  # a file system without hard links: every CSV is written whole
        os.link(csv, folder / _SPARE)
        os.link(manifest_of(csv), folder / _SPARE_MANIFEST)
