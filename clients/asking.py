"""What each client is asked to do; each raises when the client does something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from clients.environments import ROOT, Environment, locked_version
from clients.world import World
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform.model.recipe import CHAMPION, MODEL_NAME
from inmet_platform_tests.chain.chain import TO_CSV
from inmet_platform_tests.embedded import free_port
from inmet_platform_tests.processes import answers, running

ASKED = Path(__file__).parent / "asked"
DBT_PROJECT = ROOT / "infra" / "snowflake" / "dbt"
SYNCED_YEARS = range(2008, 2020)

Ask = Callable[[World, Environment], None]


@dataclass(frozen=True)
class Client:
    """A client and its deed.

    `name`: the word for `CLIENT=`. `lock`: of its environment, "sdk" for npm's. `package`: whose
    version is told. `not_imitated`: why the embedded cloud cannot answer it, empty when it can;
    `refused_with`: words of the error that it gets then.
    """

    name: str
    lock: str
    package: str
    does: str
    ask: Ask
    needs_model: bool = False
    not_imitated: str = ""
    refused_with: str = ""


def script(name: str) -> Ask:
    """Run a Python script of `asked/`."""

    def ask(world: World, made: Environment) -> None:
        made.run(made.program("python"), str(ASKED / name), **world.variables())

    return ask


def snow_sql(world: World, made: Environment) -> None:
    """A file of three statements; the answers as JSON."""
    settings = world.settings
    config = made.home / "config.toml"
    config.touch(mode=0o600)
    config.write_text(
        "[connections.embedded]\n"
        'account = "embedded"\nuser = "inmet"\npassword = "embedded"\n'
        f'host = "127.0.0.1"\nport = {settings.snowflake_port}\nprotocol = "http"\n'
        f'database = "{settings.snowflake_database}"\nwarehouse = "INMET"\n',
        encoding="utf-8",
    )
    snow = [made.program("snow"), "--config-file", str(config), "sql", "-c", "embedded"]
    said = made.run(*snow, "--format", "json", "-f", str(ASKED / "snow.sql"))
    counted, _, wettest = json.loads(said)
    expect(counted, [{"HOURS": world.hours}])
    expect([row["STATION_ID"] for row in wettest], ["Z999"])


def sdk(world: World, made: Environment) -> None:
    """Run the Node script of `asked/`."""
    made.run("node", str(ASKED / "sdk.mjs"), **world.variables(), NODE_PROJECT=str(made.folder))


def dbt_twice(world: World, made: Environment) -> None:
    """The example project, run twice; the second run merges new hours into the months."""
    target = made.home / "target"
    command = [made.program("dbt"), "--no-use-colors", "run", "--project-dir", str(DBT_PROJECT)]
    command += ["--profiles-dir", str(DBT_PROJECT), "--target-path", str(target)]
    command += ["--log-path", str(made.home / "logs")]
    first = made.run(*command, **world.variables())
    expect("PASS=3 WARN=0 ERROR=0" in first, True)
    before = world.chain.sql("SELECT COUNT(*) AS n, SUM(measured_hours) AS h FROM DBT.MONTHLY_RAIN")
    world.chain.put(*sample_station_year(2022))
    world.chain.run(TO_CSV)
    second = made.run(*command, **world.variables())
    expect("PASS=3 WARN=0 ERROR=0" in second, True)
    after = world.chain.sql("SELECT COUNT(*) AS n, SUM(measured_hours) AS h FROM DBT.MONTHLY_RAIN")
    whole = world.chain.sql("SELECT COUNT(*) AS h FROM DBT.RAIN_HOURS")
    expect((int(after[0]["n"]) > int(before[0]["n"]), after[0]["h"]), (True, whole[0]["h"]))


def aws_sync(world: World, made: Environment) -> None:
    """Twelve files to raw/, a second time none; then the chain takes all twelve."""
    folder = world.folder / "twelve"
    folder.mkdir()
    names = []
    for year in SYNCED_YEARS:
        name, data = sample_station_year(year)
        (folder / name).write_bytes(data)
        names.append(name)
    bucket = f"s3://{world.settings.s3_bucket}/raw/synced/"
    sync = [made.program("aws"), "s3", "sync", "--no-progress", str(folder), bucket]
    expect(made.run(*sync, **world.variables()).count("upload: "), len(names))
    expect(made.run(*sync, **world.variables()).strip(), "")
    world.chain.run(TO_CSV)
    states = world.chain.states()
    expect({name: states.get(name) for name in names}, dict.fromkeys(names, "clean"))


def mlflow_model(world: World, made: Environment) -> None:
    """Load the champion, forecast, serve it, and ask the server for the same."""
    model = champion_folder(world)
    wanted = (model / "requirements.txt").read_text(encoding="utf-8").split()
    locked = [
        f"{it.partition('==')[0]}=={locked_version(made.name, it.partition('==')[0])}"
        for it in wanted
    ]
    expect(locked, wanted)
    rows = model / "serving_input_example.json"
    predict = [made.program("python"), str(ASKED / "mlflow_predict.py"), str(rows)]
    said = json.loads(made.run(*predict, **world.variables()).splitlines()[-1])
    expect((len(said), len(said[0])), (5, 3))
    port = free_port()
    serve = [made.program("mlflow"), "models", "serve", "-m", "models:/inmet-rain@champion"]
    serve += ["--env-manager", "local", "--host", "127.0.0.1", "--port", str(port)]
    ready = answers(f"http://127.0.0.1:{port}/ping")
    environ = made.environ(**world.variables())
    with running(serve, world.folder / "serving.log", environ, ready=ready, cwd=made.home):
        url = f"http://127.0.0.1:{port}/invocations"
        headers = {"Content-Type": "application/json"}
        answer = httpx.post(url, content=rows.read_bytes(), headers=headers, timeout=60)
    expect(answer.json(), {"predictions": said})


def champion_folder(world: World) -> Path:
    """The champion's files, fetched by the platform."""
    from mlflow import MlflowClient
    from mlflow.artifacts import download_artifacts

    url = world.settings.mlflow_url
    client = MlflowClient(tracking_uri=url, registry_uri=url)
    source = client.get_model_version_by_alias(MODEL_NAME, CHAMPION).source
    folder = world.folder / "champion"
    return Path(download_artifacts(source, dst_path=str(folder), tracking_uri=url))


def expect(found: object, expected: object) -> None:
    """Raises AssertionError, with both, when they differ."""
    assert found == expected, f"expected {expected}; found {found}"
