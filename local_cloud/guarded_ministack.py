"""`python -m local_cloud.guarded_ministack`: MiniStack behind a guard against other sites.

MiniStack answers every origin (`Access-Control-Allow-Origin: *`).
"""

from __future__ import annotations

import os

import ministack.app

from inmet_platform.web.guard import Guard


def main() -> None:
    """Serve as MiniStack does, on BIND_HOST and GATEWAY_PORT."""
    url = f"http://{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"
    ministack.app.app = Guard(ministack.app.app, url)
    ministack.app.main()


if __name__ == "__main__":
    main()
