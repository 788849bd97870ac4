"""Starts and stops the parts: MiniStack, the database, the ingestion, the HTTP server."""

from __future__ import annotations

import gc
import signal
import sys
import threading

import uvicorn

from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError
from local_cloud.access.checking import Access
from local_cloud.access.grants import Grants
from local_cloud.account import Account
from local_cloud.account_statements import AccountStatements
from local_cloud.database import close_database, open_database
from local_cloud.http import build_app
from local_cloud.ingestion import Ingestion
from local_cloud.ministack import await_port_free, ministack
from local_cloud.pipe_statements import PipeStatements
from local_cloud.pipes import PipeStore
from local_cloud.rewriting import Rewriter
from local_cloud.signing_in import SigningIn
from local_cloud.stages import Stages
from local_cloud.unloading import Unloading


def serve(settings: Settings) -> None:
    """Serve S3 and SQS on `AWS_ENDPOINT_URL`, Snowflake on `SNOWFLAKE_HOST:SNOWFLAKE_PORT`.

    Raises:
        PlatformError: a port is taken, or MiniStack does not start.
    """
    if not settings.snowflake_host or not settings.aws_endpoint_url:
        raise PlatformError(
            "SNOWFLAKE_HOST and AWS_ENDPOINT_URL are empty: they say where the embedded cloud is.",
            remedy="`cp .env.example .env` gives both.",
        )
    host, port = settings.snowflake_host, settings.snowflake_port
    # SIGINT too, which a script's background job ignores, and MiniStack would with it.
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, _end)
    await_port_free(host, port, "SNOWFLAKE_PORT")
    # What is imported stays, and a statement makes thousands of nodes: without this a tenth of the
    # time is spent on looking for garbage.
    gc.freeze()
    gc.set_threshold(100_000)
    with ministack(settings):
        instance = open_database(settings.state_dir / "snowflake")
        store = PipeStore(instance)
        store.restore_stages()
        account = Account(settings.state_dir / "snowflake" / "account.json")
        grants = Grants(settings.state_dir / "snowflake" / "grants.json")
        ingestion = Ingestion(settings, instance, store)
        stop = threading.Event()
        worker = threading.Thread(target=ingestion.run, args=(stop,), name="ingestion")
        worker.start()
        try:
            stages = Stages(store)
            rewriter = Rewriter(
                Access(account, grants, store),
                PipeStatements(store, ingestion, stages, grants),
                stages,
                Unloading(stages, ingestion.s3),
                AccountStatements(settings, account),
            )
            signing_in = SigningIn(settings, account, grants)
            app = build_app(
                f"http://{host}:{port}", signing_in, instance, rewriter, worker.is_alive
            )
            print(  # noqa: T201 - the one line that says where it is
                f"S3 and SQS on {settings.aws_endpoint_url}, Snowflake on http://{host}:{port}",
                flush=True,
            )
            uvicorn.run(app, host=host, port=port, log_level="warning")
        finally:
            stop.set()
            worker.join()
            close_database(instance)


def _end(*_: object) -> None:
    """End `serve`, once: a second signal must not break off what it does last.

    uvicorn, which has its own handlers, raises the signal again when it has stopped.
    """
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, signal.SIG_IGN)
    sys.exit(0)
