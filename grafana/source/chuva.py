"""*Classificação da Intensidade da Chuva*: ten questions about one station and one period."""

from __future__ import annotations

from typing import Any

from grafana_foundation_sdk.builders import dashboard

from grafana.source import panels
from grafana.source.fields import CELSIUS, HOURS, HPA, MM, SHARE
from grafana.source.infinity import PERIOD, Query, choice
from grafana.source.page import page, row
from grafana.source.plugins import chart, header

TITLE = "Classificação da Intensidade da Chuva"

SCALE = choice(
    "scale",
    "Escala",
    "Os limites, em mm por hora, que separam as classes de chuva",
    {"Alerta Rio": "alerta_rio", "OMM": "wmo", "AMS": "ams"},
)

# A class is of one hour's rain and never of a day's; missing is a class of its own.
CLASSES = PERIOD | {"scale": "${scale}"}


def chuva() -> dashboard.Dashboard:
    """The dashboard `inmet_chuva.json`."""
    return page(
        "inmet-chuva",
        TITLE,
        "Quanto, quando e com que força choveu, e com que tempo.",
        "now-1y",
        [
            row(
                5,
                (
                    header(
                        TITLE, "Horas pela chuva que caiu nelas; o que falta é dito, e não é zero."
                    ),
                    24,
                ),
            ),
            row(9, (_share(), 8), (_hours(), 10), (_missing(), 6)),
            row(10, (_months(), 24)),
            row(9, (_days(), 24)),
            row(12, (_wind(), 12), (_scatter(), 12)),
            row(12, (_amplitude(), 12), (_pressure(), 12)),
        ],
        (SCALE,),
    )


def _share() -> Any:
    return panels.color_classes(
        panels.donut(
            "Que parte das horas teve cada classe?",
            "Cada fatia em seu tamanho verdadeiro; “sem dado” são horas do período sem "
            "medida de chuva.",
            HOURS,
            Query("/classes", ("class", "hours"), CLASSES | {"by": "total"}),
        )
    )


def _hours() -> Any:
    return chart(
        "Quantas horas de cada classe?",
        "Escala logarítmica, para que também se vejam as classes raras; zero fica sem barra.",
        HOURS,
        "rain_classes",
        Query("/classes", ("class", "hours", "share"), CLASSES | {"by": "total"}),
        {"scaleName": "${scale:text}"},
    )


def _missing() -> Any:
    return panels.figures(
        "Quantas horas ficaram sem dado?",
        "Horas do período sem medida de chuva; elas não contam como horas sem chuva.",
        HOURS,
        Query("/rain", ("missing_hours",), PERIOD, root=""),
    )


def _months() -> Any:
    return chart(
        "Como as classes se repartem pelos meses?",
        "Horas com chuva por mês e classe, e as horas sem dado à parte; as horas secas "
        "não encobrem as outras.",
        HOURS,
        "rain_classes_by_month",
        Query("/classes", ("month", "class", "hours", "share"), CLASSES | {"by": "month"}),
    )


def _days() -> Any:
    query = Query("/daily", ("day", "precipitation_mm"), PERIOD)
    panel = panels.bars(
        "Quanto choveu em cada dia?",
        "Soma das 13 UTC da véspera às 12 UTC do dia, como o INMET; dias secos têm zero, "
        "dias sem dado não têm barra. No máximo 1.050 dias.",
        MM,
        query,
    )
    return panel.override_by_name("precipitation_mm", [panels.color("#3182c8")])


def _wind() -> Any:
    return chart(
        "De onde sopra o vento, e com que força?",
        "Parte das horas por direção e velocidade em m/s; a calmaria (menos de 0,5 m/s) "
        "é contada à parte.",
        SHARE,
        "wind_rose",
        Query(
            "/wind-rose",
            ("sector", "speed_class", "hours", "share"),
            PERIOD | {"season": "all"},
        ),
    )


def _scatter() -> Any:
    return panels.scatter(
        "Como a umidade acompanha a temperatura?",
        "Um ponto por passo da série (a média dele, em períodos longos); os eixos seguem os dados.",
        CELSIUS,
        Query(
            "/series",
            ("temperature_c", "humidity_pct"),
            PERIOD | {"variables": "temperature_c,humidity_pct", "step": "auto"},
        ),
        "temperature_c",
        "humidity_pct",
    )


def _amplitude() -> Any:
    query = Query("/daily", ("temperature_max_c", "temperature_min_c"), PERIOD)
    panel = panels.counts(
        "Quanto a temperatura varia num dia?",
        "Dias por amplitude, a máxima menos a mínima do dia, em classes de 1 °C; dias "
        "sem uma delas não entram. No máximo 1.050 dias.",
        CELSIUS,
        1,
        query,
    )
    # Grafana takes null for 0 in a difference: such days go first.
    for column in query.columns:
        panels.drop_rows(panel, column, "isNull")
    high, low = ({"matcher": {"id": "byName", "options": name}} for name in query.columns)
    panels.transform(
        panel,
        "calculateField",
        mode="binary",
        alias="amplitude_c",
        binary={"left": high, "operator": "-", "right": low},
        replaceFields=True,
    )
    return panel.override_by_name("amplitude_c", [panels.override("displayName", "Amplitude")])


def _pressure() -> Any:
    return chart(
        "Como a pressão muda com a hora e o mês?",
        "Média por mês e hora de Brasília; uma casa sem medida fica listrada.",
        HPA,
        "hour_month",
        Query(
            "/heatmap", ("month", "hour", "mean", "hours"), PERIOD | {"variable": "pressure_hpa"}
        ),
        {"variableName": "pressão média", "unit": "hPa"},
    )
