"""`python -m docs.source`: write every generated page again; the same code gives the same pages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from docs.source.command import command_page
from docs.source.forms import forms_page
from docs.source.http import data_page, upload_page
from docs.source.quality import quality_page
from docs.source.runbook import runbook_page
from docs.source.settings import settings_page
from docs.source.tables import tables_page

DOCS = Path(__file__).parents[1]

PAGES: dict[str, Callable[[], str]] = {
    "quality.md": quality_page,
    "runbook.md": runbook_page,
    "reference/forms.md": forms_page,
    "reference/settings.md": settings_page,
    "reference/command.md": command_page,
    "reference/tables.md": tables_page,
    "reference/upload-api.md": upload_page,
    "reference/data-api.md": data_page,
}


def main() -> None:
    """Write the pages."""
    for name, build in PAGES.items():
        (DOCS / name).write_text(build(), encoding="utf-8")
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
