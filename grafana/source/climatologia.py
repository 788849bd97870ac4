"""*Climatologia*: what is usual at a station, and how far from it a month or a year was."""

from __future__ import annotations

from typing import Any

from grafana_foundation_sdk.builders import dashboard

from grafana.source import panels
from grafana.source.fields import DAYS, MM, PLAIN, SHARE, TEXT
from grafana.source.infinity import PERIOD, STATION, TIME_ZONE, Query, choice
from grafana.source.page import page, row
from grafana.source.plugins import chart, header

TITLE = "Climatologia"

VARIABLE = choice(
    "variable",
    "Variável",
    "O que o mapa de horas e meses e a faixa de percentis mostram",
    {
        "Temperatura (°C)": "temperature_c",
        "Umidade (%)": "humidity_pct",
        "Pressão (hPa)": "pressure_hpa",
        "Vento (m/s)": "wind_speed_ms",
        "Ponto de orvalho (°C)": "dew_point_c",
        "Radiação (kJ/m²)": "radiation_kj_m2",
        "Chuva (mm)": "precipitation_mm",
    },
)
SEASON = choice(
    "season",
    "Estação do ano",
    "Os meses da rosa dos ventos",
    {
        "Ano inteiro": "all",
        "Verão (dez-fev)": "DJF",
        "Outono (mar-mai)": "MAM",
        "Inverno (jun-ago)": "JJA",
        "Primavera (set-nov)": "SON",
    },
)
CHOSEN = {"variableName": "${variable:text}"}
ALWAYS = STATION | {"tz": TIME_ZONE}


def climatologia() -> dashboard.Dashboard:
    """The dashboard `inmet_climatologia.json`."""
    return page(
        "inmet-climatologia",
        TITLE,
        "O que é comum na estação, e o quanto um mês ou um ano se afastou disso.",
        "now-1y",
        [
            row(5, (header(TITLE, "O que é comum aqui, de todos os anos com dados."), 24)),
            row(12, (_climogram(), 12), (_calendar(), 12)),
            row(13, (_hours(), 12), (_wind(), 12)),
            row(11, (_band(), 24)),
            row(11, (_anomalies(), 24)),
            row(10, (_records(), 12), (_spells(), 12)),
        ],
        (VARIABLE, SEASON),
    )


def _climogram() -> Any:
    return chart(
        "Climograma",
        "Chuva média de cada mês (só meses com 80 % das horas) e temperaturas médias, de "
        "todos os anos.",
        MM,
        "climogram",
        Query(
            "/climatology",
            (
                *("month", "rain_mm", "rain_days", "temperature_mean_c", "temperature_max_c"),
                *("temperature_min_c", "humidity_mean_pct", "years"),
            ),
            ALWAYS,
        ),
    )


def _calendar() -> Any:
    return chart(
        "Calendário da chuva",
        "Soma de cada dia, das 13 UTC da véspera às 12 UTC; dias sem dado ficam listrados. "
        "No máximo 1.050 dias.",
        MM,
        "rain_calendar",
        Query("/daily", ("day", "precipitation_mm"), PERIOD),
    )


def _hours() -> Any:
    return chart(
        "${variable:text} por hora e mês",
        "Média por mês e hora de Brasília no período; uma casa sem medida fica listrada.",
        PLAIN,
        "hour_month",
        Query("/heatmap", ("month", "hour", "mean", "hours"), PERIOD | {"variable": "${variable}"}),
        CHOSEN,
    )


def _wind() -> Any:
    return chart(
        "Rosa dos ventos: ${season:text}",
        "Parte das horas por direção e velocidade em m/s; a calmaria é contada à parte.",
        SHARE,
        "wind_rose",
        Query(
            "/wind-rose",
            ("sector", "speed_class", "hours", "share"),
            PERIOD | {"season": "${season}"},
        ),
    )


def _band() -> Any:
    year = "${__to:date:YYYY}"
    return chart(
        "${variable:text}: o ano contra todos os anos",
        "Médias diárias do ano em que o período termina, sobre a faixa de 10 a 90 % de "
        "todos os anos.",
        PLAIN,
        "percentile_band",
        Query(
            "/percentiles",
            ("day_of_year", "p10", "p25", "p50", "p75", "p90", "value"),
            ALWAYS | {"variable": "${variable}", "year": year},
        ),
        CHOSEN | {"year": year},
    )


def _anomalies() -> Any:
    return chart(
        "Anomalias de cada mês",
        "Cada mês contra a média desse mês na própria estação: chuva em %, temperatura em °C.",
        PLAIN,
        "anomalies",
        Query(
            "/anomalies",
            ("month", "rain_mm", "rain_anomaly_pct", "temperature_c", "temperature_anomaly_c"),
            ALWAYS,
        ),
    )


def _records() -> Any:
    return panels.rows(
        "Recordes da estação",
        "Os extremos de todos os anos com dados, depois do controle de qualidade.",
        PLAIN,
        # A record is of an hour or of a day, so its time is text.
        Query("/records", ("label", "value", "unit", "at"), ALWAYS, kinds={"at": TEXT}),
    )


def _spells() -> Any:
    return panels.rows(
        "Períodos secos",
        "Cinco ou mais dias seguidos sem chuva; um dia sem dado encerra o período.",
        DAYS,
        Query("/dry-spells", ("from_day", "to_day", "days"), PERIOD),
    )
