"""The pictures of an evaluation, as PNG: what a meteorologist looks at first.

They are drawn without matplotlib's global state. Labels are in Portuguese, as everything that an
end user sees.
"""

from __future__ import annotations

import io

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from inmet_platform.model.classifier import CLASS_LABELS
from inmet_platform.model.evaluation import Evaluation

SOURCE = "Fonte dos dados: INMET"
CONTENDERS = {
    "model": ("modelo", "#0b5394"),
    "logistic": ("regressão logística", "#6a9f58"),
    "markov": ("Markov (classe)", "#b45f06"),
    "markov_by_amount": ("Markov (quantidade)", "#e69138"),
    "climatology": ("climatologia", "#777777"),
    "persistence": ("persistência", "#a64d79"),
}
NAMES = {contender: name for contender, (name, _) in CONTENDERS.items()}
COLOURS = {contender: colour for contender, (_, colour) in CONTENDERS.items()}


def draw(evaluation: Evaluation) -> dict[str, bytes]:
    """Every picture by its file name."""
    pictures = (reliability, precision_recall, skill_by_station, confusion)
    return {f"{picture.__name__}.png": _png(picture(evaluation)) for picture in pictures}


def reliability(evaluation: Evaluation) -> Figure:
    """Observed frequency over forecast probability, and how often each is forecast."""
    forecast, seen, hours = evaluation.reliability.T
    figure = Figure(figsize=(6, 6.4), layout="constrained")
    upper, lower = figure.subplots(2, 1, height_ratios=[3, 1], sharex=True)
    upper.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--", label="perfeito")
    upper.plot(forecast, seen, marker="o", color=COLOURS["model"], label=NAMES["model"])
    upper.set(ylabel="frequência observada", xlim=(0, 1), ylim=(0, 1))
    upper.set_title("Confiabilidade: chuva na próxima hora")
    upper.legend(loc="upper left", frameon=False)
    lower.bar(forecast, hours, width=0.04, color=COLOURS["model"])
    lower.set(xlabel=f"probabilidade prevista   ({SOURCE})", ylabel="horas", yscale="log")
    return figure


def precision_recall(evaluation: Evaluation) -> Figure:
    """Precision over recall of every contender that gives probabilities."""
    figure = Figure(figsize=(6.4, 5.6), layout="constrained")
    axes = figure.subplots()
    for name, probability in evaluation.probability.items():
        precision, recall, _ = precision_recall_curve(evaluation.observed, probability)
        # A million points would look the same and make a file of megabytes.
        every = max(len(recall) // 2000, 1)
        axes.step(
            recall[::every], precision[::every], where="post", color=COLOURS[name],
            label=NAMES[name], linewidth=2 if name == "model" else 1.2,
        )  # fmt: skip
    axes.axhline(evaluation.observed.mean(), color="#cccccc", linewidth=1)
    axes.set(xlabel=f"detecção (POD)   ({SOURCE})", ylabel="acerto (1 - FAR)", ylim=(0, 1.02))
    axes.set_title("Chuva na próxima hora: acerto e detecção")
    axes.legend(frameon=False)
    return figure


def skill_by_station(evaluation: Evaluation) -> Figure:
    """Brier skill against Markov on a map; held-out stations have a black edge."""
    figure = Figure(figsize=(6.6, 6.2), layout="constrained")
    axes = figure.subplots()
    stations = evaluation.stations
    drawn = axes.scatter(
        stations["longitude_deg"], stations["latitude_deg"], c=stations["skill_against_markov"],
        cmap="RdYlBu", vmin=-0.4, vmax=0.4, s=26, linewidths=0.7,
        edgecolors=list(np.where(stations["held_out"], "#000000", "#ffffff")),
    )  # fmt: skip
    figure.colorbar(drawn, ax=axes, label="ganho de Brier sobre Markov", shrink=0.8)
    axes.set_aspect(1.05)
    axes.set(xlabel=f"longitude   ({SOURCE})", ylabel="latitude")
    axes.set_title("Ganho por estação (borda preta: fora do treino)")
    return figure


def confusion(evaluation: Evaluation) -> Figure:
    """Hours by observed and most likely class."""
    figure = Figure(figsize=(5.8, 5), layout="constrained")
    axes = figure.subplots()
    share = evaluation.confusion / np.maximum(evaluation.confusion.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (row, column), hours in np.ndenumerate(evaluation.confusion):
        colour = "white" if share[row, column] > 0.6 else "black"
        text = f"{hours:,}".replace(",", ".")
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(len(CLASS_LABELS)), CLASS_LABELS)
    axes.set_yticks(range(len(CLASS_LABELS)), CLASS_LABELS)
    axes.set(xlabel=f"classe prevista   ({SOURCE})", ylabel="classe observada")
    axes.set_title("Classes da próxima hora, em horas")
    return figure


def _png(figure: Figure) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()
