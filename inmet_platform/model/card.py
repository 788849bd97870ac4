"""The model card, in Portuguese, written from the figures of the run itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from inmet_platform.model.challenge import FEWEST_HOURS
from inmet_platform.model.classifier import THRESHOLDS_MM
from inmet_platform.model.plots import NAMES

if TYPE_CHECKING:
    from inmet_platform.model.challenge import Challenge
    from inmet_platform.model.evaluation import Evaluation
    from inmet_platform.model.training import RainModel

_SCORES = {
    "brier": "Brier",
    "skill_against_markov": "ganho s/ Markov",
    "skill_against_markov_by_amount": "ganho s/ Markov (quantidade)",
    "skill_against_climatology": "ganho s/ climatologia",
    "average_precision": "precisão média",
    "csi": "CSI",
    "hss": "HSS",
    "pod": "POD",
    "far": "FAR",
    "calibration_error": "erro de calibração",
}
_VERDICTS = {"better": "melhor", "worse": "pior", "no different": "sem diferença além do acaso"}
_PARTS = {
    "seen stations": "estações do treino",
    "held-out stations": "estações fora do treino",
    "onset: dry now": "início da chuva (agora seco)",
}


def model_card(model: RainModel, challenged: Challenge | None = None) -> str:
    """Markdown: the model's purpose, its data, its scores, its challenge and its limits.

    `challenged`: how it did beside the champion; None when there was none.
    """
    parameters, periods = model.parameters, model.periods
    lines = [
        "# inmet-rain: chuva na próxima hora",
        "",
        "Probabilidade de chover mais de 0, 5 e 25 mm na hora seguinte em uma estação automática "
        "do INMET, a partir do que ela e as vizinhas mediram até agora. Não serve para somas "
        "diárias nem para lugares sem estação.",
        "",
        "## De que foi feito",
        "",
        f"- Dados: {parameters['hours']:,} horas de {parameters['stations']} estação(ões), "
        f"{parameters['period']} (UTC). Fonte: INMET, Instituto Nacional de Meteorologia.",
        f"- Treino {periods['train']}; calibração {periods['calibration']}; "
        f"teste {periods['test']}. Três dias entre os blocos.",
        f"- Estações fora de todo ajuste: {parameters['held_out_stations']}.",
        f"- Impressão digital dos dados e da receita: `{parameters['fingerprint']}`.",
        "",
        "## Como se saiu no bloco de teste",
        "",
        "Entre colchetes, intervalos de 90 % por reamostragem de blocos de sete dias.",
        "",
    ]
    for limit in THRESHOLDS_MM:
        lines += [f"### Mais de {limit:g} mm", "", *_scores(model.evaluation, limit), ""]
    lines += ["### Chuva (mais de 0 mm), por parte do teste", "", *_parts(model.evaluation), ""]
    return "\n".join([*lines, *_challenge(challenged), *_limits(model)])


def _challenge(challenged: Challenge | None) -> list[str]:
    if challenged is None:
        return ["## Ao lado do modelo em uso", "", "Não havia modelo em uso.", ""]
    hours = f"{challenged.hours:,} horas"
    if challenged.hours:
        hours += f" de {challenged.stations} estação(ões), {challenged.first} a {challenged.last}"
    unseen = "que nenhum dos dois viu em ajuste ou calibração"
    found = challenged.comparison
    if found is None:
        sentence = (
            f"Sem comparação com {_name(challenged)}: há {hours}, {unseen}; são precisas "
            f"{FEWEST_HOURS:,}. O modelo em uso fica."
        )
    else:
        sentence = (
            f"Comparado com {_name(challenged)} em {hours} (UTC), {unseen}: "
            f"{_VERDICTS[found.verdict]}; Brier menor em {found.difference:+.5f} "
            f"[{found.low:+.5f}, {found.high:+.5f}]."
        )
    return ["## Ao lado do modelo em uso", "", sentence, ""]


def _name(challenged: Challenge) -> str:
    return challenged.against.replace("version", "a versão")


def _scores(evaluation: Evaluation, limit: float) -> list[str]:
    verdicts = evaluation.of_part(limit, "all")
    lines = [
        f"{verdicts[0].events:,} de {verdicts[0].hours:,} horas.",
        "",
        f"| | {' | '.join(NAMES[it.contender] for it in verdicts)} |",
        "|---" * (len(verdicts) + 1) + "|",
    ]
    for score, label in _SCORES.items():
        cells = []
        for it in verdicts:
            bounds = it.interval.get(score)
            interval = f" [{bounds[0]:.3f}, {bounds[1]:.3f}]" if bounds else ""
            value = it.scores[score]
            cells.append("-" if math.isnan(value) else f"{value:.3f}{interval}")
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return lines


def _parts(evaluation: Evaluation) -> list[str]:
    lines = [
        "| | horas | com chuva | ganho s/ Markov | precisão média | CSI |",
        "|---|---|---|---|---|---|",
    ]
    for it in evaluation.verdicts:
        if it.contender == "model" and it.threshold_mm == 0 and it.part != "all":
            names = ("skill_against_markov", "average_precision", "csi")
            scores = " | ".join(f"{it.scores[name]:.3f}" for name in names)
            part = _PARTS.get(it.part, it.part)
            lines.append(f"| {part} | {it.hours:,} | {it.events:,} | {scores} |")
    return lines


def _limits(model: RainModel) -> list[str]:
    heavy = model.evaluation.find(THRESHOLDS_MM[-1], "all", "model")
    lines = [
        "## Limites",
        "",
        f"- Chuva acima de {THRESHOLDS_MM[-1]:g} mm/h é rara: {heavy.events:,} horas no teste; "
        f"ganho sobre Markov {heavy.scores['skill_against_markov']:+.3f}.",
        "- Diz sim a partir da probabilidade "
        f"{model.parameters['rain_threshold']:g}, escolhida no bloco de calibração.",
        "- Um pluviômetro entupido parece tempo seco; o modelo só desconfia pelas vizinhas.",
    ]
    worst = model.evaluation.stations.nsmallest(5, "skill_against_markov")
    skills = [f"{it.station_id} ({it.skill_against_markov:+.2f})" for it in worst.itertuples()]
    if skills:
        lines.append(f"- Pior que Markov, ou quase, em: {', '.join(skills)}.")
    return [*lines, ""]
