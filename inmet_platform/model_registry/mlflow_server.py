"""The MLflow server, in `inmet up` and in a container.

`python -m inmet_platform.model_registry.mlflow_server --help` tells its options.

It alone holds the keys of the artifact store: clients send artifacts to it by HTTP. This process
becomes MLflow's, so signals reach it.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from inmet_platform.config.settings import load_server_settings
from inmet_platform.config.shared_servers import SharedServers
from inmet_platform.errors import SettingsError


def command(settings: SharedServers, host: str, port: int, workers: int) -> list[str]:
    """MLflow's command line, without anything secret: everybody on the machine can read it."""
    destination = settings.mlflow_artifacts_destination()
    return [
        *(str(Path(sys.executable).parent / "mlflow"), "server"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *(("--artifacts-destination", destination) if destination else ()),
    ]


def environ(settings: SharedServers) -> dict[str, str]:
    """What MLflow and boto3 read in its environment beside what stands there."""
    secret = settings.minio_secret_access_key
    values = {
        "MLFLOW_BACKEND_STORE_URI": settings.mlflow_store_uri(),
        # The job runner alone holds 1.9 GB (measured).
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        # MLflow's default lets in localhost and private addresses, no name of a container.
        "MLFLOW_SERVER_ALLOWED_HOSTS": settings.mlflow_server_allowed_hosts,
        "MLFLOW_S3_ENDPOINT_URL": settings.mlflow_minio_endpoint_url,
        "AWS_ACCESS_KEY_ID": settings.minio_access_key_id,
        "AWS_SECRET_ACCESS_KEY": secret.get_secret_value() if secret else None,
    }
    return {name: value for name, value in values.items() if value}


def main() -> None:
    """Read the settings and become the server."""
    parser = argparse.ArgumentParser(
        prog="python -m inmet_platform.model_registry.mlflow_server",
        description="MLflow on MLFLOW_BACKEND_URI, artifacts in MLFLOW_ARTIFACT_BUCKET or "
        "MLFLOW_ARTIFACT_ROOT.",
        epilog="example, in a container: "
        "python -m inmet_platform.model_registry.mlflow_server --host 0.0.0.0",
    )
    parser.add_argument("--host", default="127.0.0.1", help="interface (default: %(default)s)")
    parser.add_argument("--port", type=int, default=5000, help="default: %(default)s")
    parser.add_argument("--workers", type=int, default=1, help="processes; default: %(default)s")
    arguments = parser.parse_args()
    try:
        settings = load_server_settings()
    except SettingsError as error:
        sys.exit(str(error))
    argv = command(settings, arguments.host, arguments.port, arguments.workers)
    # What is not for the server (MLFLOW_TRACKING_URI would send it to itself) is left out.
    kept = {name: value for name, value in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
    os.execve(argv[0], argv, {**kept, **environ(settings)})  # noqa: S606 - no shell is meant


def address_arguments(url: str) -> tuple[str, ...]:
    """`--host` and `--port` that answer at `url`."""
    parts = urlsplit(url)
    return ("--host", str(parts.hostname), "--port", str(parts.port))


if __name__ == "__main__":
    main()
