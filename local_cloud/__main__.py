"""`python -m local_cloud`: start everything, serve until SIGTERM or SIGINT."""

from __future__ import annotations

import logging
import sys

from inmet_platform.config.settings import load_settings
from inmet_platform.errors import PlatformError
from local_cloud.serve import serve


def main() -> None:
    """Read the settings and serve; an error is one sentence."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("fakesnow.server").setLevel(logging.WARNING)
    try:
        serve(load_settings())
    except PlatformError as error:
        sys.exit(f"local_cloud: {error}")


main()
