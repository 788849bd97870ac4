"""`python -m grafana.source`: write every dashboard again; the same source gives the same files."""

from __future__ import annotations

import sys
from pathlib import Path

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from grafana.source.agora import agora
from grafana.source.chuva import chuva
from grafana.source.climatologia import climatologia
from grafana.source.modelo import modelo
from grafana.source.plataforma import plataforma
from grafana.source.qualidade import qualidade

TARGET = Path(__file__).parents[1] / "dashboards"

DASHBOARDS = {
    "inmet_chuva.json": chuva,
    "inmet_agora.json": agora,
    "inmet_climatologia.json": climatologia,
    "inmet_qualidade.json": qualidade,
    "inmet_modelo.json": modelo,
}
# Of Prometheus, not of the data: a folder of its own.
OF_THE_PLATFORM = "platform/inmet_plataforma.json"


def text(dashboard: Dashboard) -> str:
    """The file of a dashboard."""
    encoder = JSONEncoder(indent=1, sort_keys=True, ensure_ascii=False)
    return encoder.encode(dashboard.build()) + "\n"


def main() -> None:
    """Write the files and remove those that no source makes any more."""
    for path in TARGET.glob("*.json"):
        if path.name not in DASHBOARDS:
            path.unlink()
    for name, build in DASHBOARDS.items():
        (TARGET / name).write_text(text(build()), encoding="utf-8")
        sys.stdout.write(f"{(TARGET / name).name}\n")
    (TARGET / OF_THE_PLATFORM).parent.mkdir(exist_ok=True)
    (TARGET / OF_THE_PLATFORM).write_text(text(plataforma()), encoding="utf-8")
    sys.stdout.write(f"{OF_THE_PLATFORM}\n")


if __name__ == "__main__":
    main()
