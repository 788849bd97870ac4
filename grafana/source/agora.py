"""*Clima agora*: the last hours of one station, and the last hour of all."""

from __future__ import annotations

from typing import Any

from grafana_foundation_sdk.builders import dashboard

from grafana.source import panels
from grafana.source.fields import CELSIUS, HOURS, HPA, MM, MS, PLAIN, SHARE
from grafana.source.infinity import PERIOD, STATION, TIME_ZONE, Query
from grafana.source.page import page, row
from grafana.source.plugins import chart, header

TITLE = "Clima agora"
HERE = STATION | {"tz": TIME_ZONE}


def agora() -> dashboard.Dashboard:
    """The dashboard `inmet_agora.json`."""
    return page(
        "inmet-agora",
        TITLE,
        "O tempo na estação, as últimas horas e a rede inteira na última hora.",
        "now-7d",
        [
            row(5, (header(TITLE, "O que a estação mediu por último, e há quanto tempo."), 24)),
            row(4, (_air(), 14), (_age(), 10)),
            row(4, (_rain(), 14), (_class(), 10)),
            row(9, (_temperature(), 12), (_accumulated(), 12)),
            row(8, (_humidity(), 8), (_pressure(), 8), (_wind(), 8)),
            row(14, (_map(), 12), (_network(), 12)),
            row(8, (_forecast(), 24)),
        ],
    )


def _latest(*columns: str) -> Query:
    return Query("/latest", columns, HERE)


def _air() -> Any:
    return panels.figures(
        "Ar e vento",
        "Última observação da estação; a tendência é a pressão agora menos a de três horas antes.",
        PLAIN,
        _latest(
            *("temperature_c", "humidity_pct", "pressure_hpa", "pressure_change_3h_hpa"),
            *("wind_speed_ms", "wind_gust_ms", "wind_direction_deg"),
        ),
    )


def _age() -> Any:
    panel = panels.figures(
        "Idade do dado",
        "Quando a última observação foi feita e há quantas horas; acima de 3 h em "
        "amarelo, de 24 h em vermelho.",
        HOURS,
        _latest("observed_at", "age_h"),
    )
    steps = [
        {"color": "green", "value": None},
        {"color": "orange", "value": 3},
        {"color": "red", "value": 24},
    ]
    return panel.override_by_name(
        "age_h",
        [
            panels.override("thresholds", {"mode": "absolute", "steps": steps}),
            panels.override("color", {"mode": "thresholds"}),
        ],
    )


def _rain() -> Any:
    return panels.figures(
        "Chuva",
        "Da última hora e das somas de 24 e 72 horas; uma soma com horas sem dado pode faltar.",
        MM,
        _latest("precipitation_mm", "rain_24h_mm", "rain_72h_mm"),
    )


def _class() -> Any:
    panel = panels.figures(
        "Classe e chance de chuva",
        "Classe da chuva da última hora (Alerta Rio) e a chance de chover na próxima, "
        "segundo o modelo.",
        SHARE,
        _latest("rain_class", "rain_probability"),
    )
    return panel.override_by_name("rain_class", [panels.class_mappings()])


def _series(*variables: str) -> Query:
    return Query(
        "/series",
        ("at", *variables),
        PERIOD | {"variables": ",".join(variables), "step": "auto"},
    )


def _temperature() -> Any:
    panel = panels.lines(
        "Temperatura e ponto de orvalho",
        "Médias do passo da série; onde falta dado a linha se interrompe.",
        CELSIUS,
        _series("temperature_c", "dew_point_c"),
    )
    return panel.override_by_name("temperature_c", [panels.color("#e0752d")])


def _accumulated() -> Any:
    query = Query("/rain", ("at", "precipitation_mm", "accumulated_mm"), PERIOD)
    return chart(
        "Chuva por hora e acumulada",
        "Barras por hora e a soma do período; horas sem dado ficam listradas e nada somam.",
        MM,
        "rain_accumulated",
        query,
    )


def _humidity() -> Any:
    return panels.lines(
        "Umidade", "Umidade relativa do ar, em %.", "percent", _series("humidity_pct")
    )


def _pressure() -> Any:
    return panels.lines(
        "Pressão",
        "Pressão no nível da estação, não reduzida ao do mar.",
        HPA,
        _series("pressure_hpa"),
    )


def _wind() -> Any:
    return panels.lines(
        "Vento e rajada",
        "Velocidade média e a maior rajada de cada passo, em m/s.",
        MS,
        _series("wind_speed_ms", "wind_gust_ms"),
    )


NETWORK = (
    *("station_id", "name", "uf", "observed_at", "age_h", "temperature_c", "precipitation_mm"),
    *("rain_24h_mm", "rain_class"),
)


def _map() -> Any:
    return chart(
        "Estações pela classe da chuva",
        "Cada estação na cor da classe da sua última hora; a escolhida tem um anel. "
        "Contorno: Natural Earth.",
        PLAIN,
        "station_map",
        Query("/latest", (*NETWORK, "latitude_deg", "longitude_deg"), {"tz": TIME_ZONE}),
        {"station": "${station}"},
    )


def _network() -> Any:
    panel = panels.rows(
        "A última hora de cada estação",
        "Uma linha por estação; um clique no código mostra essa estação.",
        PLAIN,
        Query("/latest", NETWORK, {"tz": TIME_ZONE}),
    )
    link = {
        "title": "Mostrar esta estação",
        "url": "/d/inmet-agora?var-station=${__value.raw}&${__url_time_range}",
    }
    panel.override_by_name("station_id", [panels.override("links", [link])])
    return panel.override_by_name(
        "rain_class",
        [
            panels.class_mappings(),
            panels.override("custom.cellOptions", {"type": "color-text"}),
        ],
    )


def _forecast() -> Any:
    columns = ("station_id", "valid_at", "says_rain", "model_version")
    chances = ("probability_over_0_mm", "probability_over_5_mm", "probability_over_25_mm")
    return chart(
        "Chance de chuva na próxima hora",
        "O que o modelo em uso diz da hora seguinte à última observação; não é previsão "
        "oficial do INMET.",
        SHARE,
        "forecast",
        Query("/forecast", (*columns, *chances), HERE),
        {"station": "${station}"},
    )
