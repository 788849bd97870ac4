"""Write docs/quality.md again, or print it with `-`."""

from __future__ import annotations

import sys
from pathlib import Path

from inmet_platform.inmet.quality.document import document

DOCUMENT = Path(__file__).parents[3] / "docs" / "quality.md"


if __name__ == "__main__":
    if sys.argv[1:] == ["-"]:
        sys.stdout.write(document())
    else:
        DOCUMENT.write_text(document(), encoding="utf-8")
