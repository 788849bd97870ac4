"""`python -m data_service`: serve on the address of DATA_URL."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

import uvicorn

from data_service.app import create_app
from inmet_platform.config.settings import load_settings
from inmet_platform.errors import SettingsError


def main() -> None:
    """Read the settings and serve; missing ones are told all at once."""
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.exit(f"data_service: {error}")
    address = urlsplit(settings.data_url)
    uvicorn.run(
        create_app(settings),
        host=address.hostname or "127.0.0.1",
        port=address.port or 8001,
    )


main()
