"""*Modelo*: how well the rain model says the next hour, against simple ways to say it."""

from __future__ import annotations

from typing import Any

from grafana_foundation_sdk.builders import dashboard

from grafana.source import panels
from grafana.source.fields import HOURS, PLAIN, SHARE, TEXT
from grafana.source.infinity import TIME_ZONE, Query
from grafana.source.page import page, row
from grafana.source.plugins import chart, header

TITLE = "Modelo"


def modelo() -> dashboard.Dashboard:
    """The dashboard `inmet_modelo.json`."""
    return page(
        "inmet-modelo",
        TITLE,
        "O quanto o modelo acerta a chuva da próxima hora, ao lado de maneiras simples de dizê-la.",
        "now-30d",
        [
            row(
                5,
                (
                    header(
                        TITLE,
                        "Chuva na próxima hora: o modelo ao lado de persistência, "
                        "climatologia e Markov.",
                    ),
                    24,
                ),
            ),
            row(4, (_version(), 24)),
            row(9, (_skill(), 12), (_scores(), 12)),
            row(12, (_reliability(), 12), (_confusion(), 12)),
            row(9, (_versions(), 14), (_drift(), 10)),
            row(10, (_forecast(), 24)),
        ],
    )


def _version() -> Any:
    periods = {"train": "train", "calibration": "calibration", "tested": "test"}
    return panels.figures(
        "Modelo treinado por último",
        "A versão no registro do MLflow e os períodos de treino, calibração e teste.",
        PLAIN,
        Query(
            "/model",
            ("version", *periods),
            root="",
            selectors={name: f"periods.{key}" for name, key in periods.items()},
        ),
    )


SCORES = ("part", "contender", "threshold_mm", "brier", "skill_against_markov")


def _skill() -> Any:
    panel = panels.bars(
        "Ganho sobre Markov, para chuva acima de 0 mm",
        "Acima de zero o previsor é melhor que a cadeia de Markov da estação; em todo o "
        "bloco de teste.",
        SHARE,
        Query("/model", ("contender", "part", "threshold_mm", "skill_against_markov")),
    )
    panel = panels.drop_rows(panel, "threshold_mm", "greater", 0)
    panel = panels.drop_rows(panel, "part", "notEqual", "all")
    return panels.transform(panel, "organize", excludeByName={"part": True, "threshold_mm": True})


def _scores() -> Any:
    return panels.rows(
        "Notas de cada previsor",
        "Por limiar de chuva e parte do teste; Brier menor é melhor, ganho maior é melhor.",
        PLAIN,
        Query("/model", SCORES),
    )


def _reliability() -> Any:
    return chart(
        "A chance dita é a que acontece?",
        "Das horas com uma mesma chance dita, em quantas choveu; na diagonal o modelo é honesto.",
        SHARE,
        "reliability",
        Query("/model", ("said", "seen", "hours"), root="reliability"),
    )


def _confusion() -> Any:
    return chart(
        "O que foi dito e o que aconteceu",
        "Horas do teste por classe observada e prevista; a cor é a parte da classe observada.",
        HOURS,
        "confusion",
        Query(
            "/model",
            ("observed", "said", "hours"),
            root="confusion",
            kinds={"said": TEXT},
        ),
    )


def _versions() -> Any:
    return panels.rows(
        "Versões do modelo",
        "As mais novas no registro do MLflow; só uma melhor além do acaso, nas mesmas horas, "
        "toma o lugar da que está em uso.",
        PLAIN,
        Query(
            "/model",
            ("version", "trained_at", "is_champion", "brier", "skill_against_markov", "outcome"),
            root="versions",
        ),
    )


def _drift() -> Any:
    return panels.rows(
        "Os dados ainda são como os do modelo?",
        "Índice de estabilidade (PSI) dos atributos no último mês, contra os mesmos meses das "
        "horas de que a versão em uso foi feita: até 0,1 nada mudou, acima de 0,25 mudou muito.",
        PLAIN,
        Query("/model", ("version", "feature", "index", "has_drifted"), root="drift"),
    )


def _forecast() -> Any:
    chances = ("probability_over_0_mm", "probability_over_5_mm", "probability_over_25_mm")
    return panels.rows(
        "Próxima hora em todas as estações",
        "O que o modelo em uso diz de cada estação; não é previsão oficial do INMET.",
        SHARE,
        Query(
            "/forecast",
            ("station_id", "valid_at", *chances, "says_rain", "model_version"),
            {"tz": TIME_ZONE},
        ),
    )
