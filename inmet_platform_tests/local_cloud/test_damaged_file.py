"""A database file that cannot be opened is told in one sentence, with the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from inmet_platform_tests.embedded import EmbeddedCloud


def test_a_damaged_database_file_ends_the_start_with_the_way_back(tmp_path: Path) -> None:
    cloud = EmbeddedCloud(tmp_path)
    file = cloud.settings.state_dir / "snowflake" / "INMET.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database\n" * 2000)
    with pytest.raises(AssertionError):
        cloud.start()
    *_, said = cloud.log.read_text().splitlines()
    assert said.startswith(f"local_cloud: The database file {file} cannot be opened: ")
    assert "inmet rebuild" in said
    assert file.read_bytes().startswith(b"no database"), "it is left as it is"
