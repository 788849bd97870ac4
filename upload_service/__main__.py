"""`python -m upload_service`: serve on the address of UPLOAD_URL."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

import uvicorn

from inmet_platform.config.scratch import remove_dead_scratch
from inmet_platform.config.settings import load_settings
from inmet_platform.errors import SettingsError
from upload_service.app import create_app
from upload_service.receiving import SCRATCH


def main() -> None:
    """Read the settings and serve; missing ones are told all at once."""
    try:
        settings = load_settings()
        app = create_app(settings)
    except SettingsError as error:
        sys.exit(f"upload_service: {error}")
    remove_dead_scratch(SCRATCH)
    address = urlsplit(settings.upload_url)
    uvicorn.run(app, host=address.hostname or "127.0.0.1", port=address.port or 8000)


main()
