"""The generated pages are those that the code makes, and tell all that is there."""

from __future__ import annotations

import pytest

from docs.source.__main__ import DOCS, PAGES
from docs.source.http import data_page
from docs.source.settings import EXAMPLE, read_example, settings_page
from docs.source.site import JOINED, rewritten
from docs.source.tables import relations
from inmet_platform_tests.embedded import ROOT, example_environment


@pytest.mark.parametrize("name", PAGES)
def test_generating_again_changes_nothing(name: str) -> None:
    found = (DOCS / name).read_text(encoding="utf-8")
    assert found == PAGES[name](), "`python -m docs.source` writes it anew"


def test_every_setting_has_its_row() -> None:
    sections = read_example(EXAMPLE.read_text(encoding="utf-8"))
    assert [it.name for section in sections for it in section.entries] == [*example_environment()]
    assert all(f"| `{name}` |" in settings_page() for name in example_environment())


def test_every_table_has_columns_and_a_comment() -> None:
    found = list(relations())
    assert {"RAW.FILES", "CLEAN.OBSERVATIONS", "CLEAN.DAILY"} <= {it.name for it in found}
    assert all(it.columns and it.comment for it in found)


def test_fields_inside_of_others_are_told_with_their_path() -> None:
    page = data_page()
    assert "| `rows[].precipitation_mm` | number or null |" in page
    assert "| `freshness.newest_hour` | time or null |" in page


@pytest.mark.parametrize(
    ("link", "on_the_site"),
    [
        ("[AWS](../../infra/aws/README.md#the-steps)", "[AWS](aws.md#the-steps)"),
        ("[start](../README.md)", "[start](../README.md)"),
        ("[change](../../CONTRIBUTING.md)", "[change](../contributing.md)"),
        ("[code](../../infra/dagster/workspace.yaml)", "code"),
        ("[outside](https://docs.snowflake.com)", "[outside](https://docs.snowflake.com)"),
        ("![picture](../images/dagster.png)", "![picture](../images/dagster.png)"),
    ],
)
def test_a_link_of_the_repository_is_one_of_the_site(link: str, on_the_site: str) -> None:
    assert rewritten(link, "docs/how-to/page.md", "how-to/page.md") == on_the_site


def test_a_page_beside_the_code_leads_into_the_site() -> None:
    link = "[Fidelity](../../docs/fidelity.md)"
    made = rewritten(link, "infra/snowflake/README.md", JOINED["infra/snowflake/README.md"])
    assert made == "[Fidelity](../fidelity.md)"
    assert all((ROOT / source).exists() for source in JOINED)
