"""Every container of ours starts here too, by the compose file's own command, and works."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import httpx
import pymysql
import pytest

from inmet_platform_tests.embedded import ROOT, example_environment, free_port
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.infra.compose import FILLED_IN, services
from inmet_platform_tests.infra.outside import DEADLINE_S, Outside
from inmet_platform_tests.mariadb import DAGSTER_TAKES_MYSQL, PASSWORD, MariaDb
from inmet_platform_tests.needs import MARIADB
from inmet_platform_tests.processes import answers

# Jupyter is in a lock of its own, which the tests do not install.
OURS = {name for name, item in services().items() if "build" in item} - {"jupyter"}
LASTING = sorted(OURS - {"bootstrap", "artifact-bucket"})


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb | None]:
    """MariaDB in MySQL's place; None where it is not installed or Dagster does not take it."""
    if not (MARIADB.is_met and DAGSTER_TAKES_MYSQL):
        yield None
        return
    assert FILLED_IN["MYSQL_PASSWORD"] == PASSWORD
    server = MariaDb(tmp_path_factory.mktemp("mariadb"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def outside(
    database: MariaDb | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outside]:
    folder = tmp_path_factory.mktemp("outside")
    names = ("4566", "8085", "8000", "8001", "5000", "4000", "3001")
    ports = {name: free_port() for name in names}
    # The embedded S3 stands for the artifact store, and takes its own key alone.
    ports |= {"9000": ports["4566"], "3306": database.port if database else 3306}
    example = example_environment()
    made = Outside(
        folder,
        ports,
        MINIO_ACCESS_KEY_ID=example["AWS_ACCESS_KEY_ID"],
        MINIO_SECRET_ACCESS_KEY=example["AWS_SECRET_ACCESS_KEY"],
    )
    made.mount("dagster-webserver")
    instead = {}
    if database is None:
        instead = {"MLFLOW_BACKEND_URI": f"sqlite:///{folder}/mlflow.db", "MYSQL_HOST": ""}
        (folder / "opt" / "dagster" / "dagster.yaml").unlink()
    try:
        made.up(OURS, **instead)
        yield made
    finally:
        made.stop()


@pytest.mark.parametrize("name", LASTING)
def test_a_service_is_healthy_by_its_own_check(outside: Outside, name: str) -> None:
    assert outside.is_healthy(name)


def test_the_bucket_of_the_artifacts_is_there_and_stays_when_made_again(outside: Outside) -> None:
    environ = outside.environ("artifact-bucket")
    s3 = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{outside.ports['9000']}",
        aws_access_key_id=environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environ["AWS_SECRET_ACCESS_KEY"],
        region_name=environ["AWS_DEFAULT_REGION"],
    )
    assert s3.head_bucket(Bucket="mlflow")
    s3.put_object(Bucket="mlflow", Key="kept", Body=b"kept")
    outside.start("artifact-bucket")
    outside.await_end("artifact-bucket")
    assert s3.get_object(Bucket="mlflow", Key="kept")["Body"].read() == b"kept"


def test_a_file_sent_to_the_upload_service_is_served_by_the_data_service(outside: Outside) -> None:
    upload, data = (f"http://127.0.0.1:{outside.ports[port]}" for port in ("8000", "8001"))
    files = {"file": ("a.CSV", small_portal_file("A103"))}
    assert httpx.post(f"{upload}/upload", files=files).status_code == 401
    carried = {"Authorization": f"Bearer {FILLED_IN['UPLOAD_TOKEN']}"}
    sent = httpx.post(f"{upload}/upload", files=files, headers=carried)
    assert sent.status_code == 201
    deadline = time.monotonic() + DEADLINE_S
    is_ready = answers(f"{data}/ready")
    while not is_ready():
        assert time.monotonic() < deadline, (outside.log("dagster-daemon"), outside.log("upload"))
        time.sleep(0.2)
    rows = httpx.get(f"{data}/stations").json()["rows"]
    assert [row["station_id"] for row in rows] == ["A103"]


def test_dagster_keeps_its_instance_in_mysql(outside: Outside, database: MariaDb | None) -> None:
    if database is None:
        pytest.skip(MARIADB.reason)
    with database.connect("dagster") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM daemon_heartbeats")
        assert cursor.fetchall()[0][0] > 0


def test_mysql_is_given_a_second_database_for_mlflow_at_its_first_start(
    database: MariaDb | None, tmp_path: Path
) -> None:
    if database is None:
        pytest.skip(MARIADB.reason)
    socket = database.socket
    user = "first-start"
    with pymysql.connect(unix_socket=str(socket), user="root") as root, root.cursor() as cursor:
        cursor.execute(f"CREATE USER '{user}'@'%'")
        # In the container the socket is where the client looks by itself.
        (tmp_path / ".my.cnf").write_text(f"[client]\nsocket={socket}\n")
        told = {"MYSQL_ROOT_PASSWORD": "", "MYSQL_USER": user, "HOME": str(tmp_path)}
        script = ROOT / "infra" / "mysql" / "create_mlflow_database.sh"
        done = subprocess.run(["sh", script], env={**os.environ, **told}, check=False)
        assert done.returncode == 0
        cursor.execute(f"SHOW GRANTS FOR '{user}'@'%'")
        grants = [grant for (grant,) in cursor.fetchall()]
    assert any("ALL PRIVILEGES ON `mlflow`.*" in grant for grant in grants)
