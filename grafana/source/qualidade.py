"""*Qualidade e pipeline*: how much is there, how far to trust it, and how it came."""

from __future__ import annotations

from typing import Any

from grafana_foundation_sdk.builders import dashboard

from grafana.source import panels
from grafana.source.fields import COUNT, DATE, HOURS, PLAIN, SECONDS, SHARE
from grafana.source.infinity import PERIOD, TIME_ZONE, Query
from grafana.source.page import page, row
from grafana.source.plugins import chart, header

TITLE = "Qualidade e pipeline"
NETWORK = {key: value for key, value in PERIOD.items() if key != "station"}


def qualidade() -> dashboard.Dashboard:
    """The dashboard `inmet_qualidade.json`."""
    return page(
        "inmet-qualidade",
        TITLE,
        "Quanto há, até onde confiar, e como chegou.",
        "now-1y",
        [
            row(5, (header(TITLE, "Quanto há, até onde confiar, e como os dados chegaram."), 24)),
            row(4, (_freshness(), 24)),
            row(12, (_completeness(), 24)),
            row(9, (_network(), 24)),
            row(12, (_quality(), 12), (_rules(), 12)),
            row(9, (_layers(), 12), (_pipes(), 12)),
            row(10, (_rejected(), 24)),
        ],
    )


def _freshness() -> Any:
    names = ("newest_hour", "exported_at", "age_h")
    return panels.figures(
        "Quão novos são os dados",
        "A hora mais nova de toda a rede, quando os arquivos foram exportados, e a idade em horas.",
        DATE,
        Query(
            "/pipeline",
            names,
            {"tz": TIME_ZONE},
            root="",
            selectors={name: f"freshness.{name}" for name in names},
        ),
    )


def _completeness() -> Any:
    return chart(
        "Quanto há de cada mês, por variável",
        "Parte das horas que deveriam existir (radiação: das 12 às 20 UTC); um mês sem "
        "linha fica listrado. "
        "No máximo 13 anos.",
        SHARE,
        "completeness",
        Query("/completeness", ("month", "variable", "share"), PERIOD),
    )


def _network() -> Any:
    panel = panels.bars(
        "Chuva presente na rede, por mês",
        "Parte das horas com medida de chuva em todas as estações, e quantas estações havia.",
        SHARE,
        Query("/completeness", ("month", "share", "stations"), NETWORK),
    )
    return panel.override_by_name(
        "stations",
        [panels.override("custom.axisPlacement", "right"), panels.color("#8e8e8e")],
    )


RULES = ("test", "meaning", "variable", "suspect_hours", "failed_hours")


def _quality() -> Any:
    return chart(
        "Horas que as regras apanharam",
        "Por regra, em escala de potências de dez: suspeitas ficam e são marcadas, "
        "reprovadas saem.",
        HOURS,
        "quality",
        Query("/quality", RULES, PERIOD),
    )


def _rules() -> Any:
    return panels.rows(
        "Regras do controle de qualidade",
        "O que cada regra quer dizer e quantas horas ela marcou no período.",
        HOURS,
        Query("/quality", RULES, PERIOD),
    )


def _layers() -> Any:
    return panels.rows(
        "Linhas por camada",
        "Do arquivo ao CSV: quantas linhas há em cada camada depois da última exportação.",
        COUNT,
        Query("/pipeline", ("layer", "rows", "detail")),
    )


def _pipes() -> Any:
    return panels.rows(
        "Snowpipe",
        "Cada pipe: estado, arquivos na fila, última carga e atraso.",
        SECONDS,
        Query("/pipeline", ("name", "state", "pending", "last_ingested", "lag_s"), root="pipes"),
    )


def _rejected() -> Any:
    return panels.rows(
        "Arquivos recusados",
        "Cada arquivo que não entrou e a frase que diz por quê.",
        PLAIN,
        Query("/pipeline", ("file", "message"), root="rejected"),
    )
