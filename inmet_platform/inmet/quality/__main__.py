"""Write docs/quality.md anew, or with `-` print it."""

from __future__ import annotations

import sys
from pathlib import Path

from inmet_platform.inmet.quality.document import document

DOCUMENT = Path(__file__).parents[3] / "docs" / "quality.md"


def main(arguments: list[str]) -> None:
    """Print with `-`; write without."""
    if arguments == ["-"]:
        sys.stdout.write(document())
    else:
        DOCUMENT.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
