"""`dagster dev` whose webserver no page of another site reaches, with the chain's `/metrics`.

`python -m inmet_platform.automation.guarded_dagster -m inmet_platform.definitions …` takes what
`dagster dev` takes. Dagster's own takes orders from any page, by GET too, and looks at no Host.
"""

from __future__ import annotations

import sys
from typing import Any

from dagster._cli import dev as dagster_dev
from dagster_webserver import cli as dagster_cli
from prometheus_client import CollectorRegistry
from starlette.routing import Route

from inmet_platform.automation.metrics import ChainMetrics
from inmet_platform.config.settings import load_settings, load_webserver_settings
from inmet_platform.errors import SettingsError
from inmet_platform.storage.bucket import ONE_ATTEMPT
from inmet_platform.storage.events import RawEvents
from inmet_platform.web.guard import Guard
from inmet_platform.web.metrics import PATH, metrics_endpoint

_AS_WEBSERVER = "--as-webserver"

# What is replaced in them is not for others, and so has no types.
dev: Any = dagster_dev
cli: Any = dagster_cli

_start = dev.open_ipc_subprocess
_make_app = cli.create_app_from_workspace_process_context


def main() -> None:
    """Start Dagster's processes, or be the webserver among them."""
    if _AS_WEBSERVER in sys.argv:
        sys.argv.remove(_AS_WEBSERVER)
        cli.create_app_from_workspace_process_context = _guarded_app
        cli.main()
    else:
        dev.open_ipc_subprocess = _start_guarded
        dev.dev_command()


def _start_guarded(parts: list[str], **arguments: Any) -> Any:
    """Start a process of Dagster's; instead of its webserver this module."""
    if "dagster_webserver" in parts:
        at = parts.index("dagster_webserver")
        here = "inmet_platform.automation.guarded_dagster"
        parts = [*parts[:at], here, _AS_WEBSERVER, *parts[at + 1 :]]
    return _start(parts, **arguments)


def _guarded_app(context: Any, *args: Any, **kwargs: Any) -> Guard:
    app = _make_app(context, *args, **kwargs)
    registry = CollectorRegistry()
    registry.register(ChainMetrics(context.instance, lambda: _check_keys(context), _events()))
    # Before Dagster's own, the last of which takes every path.
    app.router.routes.insert(0, Route(PATH, metrics_endpoint(registry)))
    return Guard(app, load_webserver_settings().dagster_url, posted=("/graphql",))


def _events() -> RawEvents | None:
    """The queue of new objects; a webserver of a team has no keys of the account."""
    try:
        return RawEvents.from_settings(load_settings(), ONE_ATTEMPT)
    except SettingsError:
        return None


def _check_keys(context: Any) -> Any:
    return context.create_request_context().asset_graph.asset_check_keys


if __name__ == "__main__":
    main()
