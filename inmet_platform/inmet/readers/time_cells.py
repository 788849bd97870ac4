"""The texts of the rows' times, before it is decided what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.text import quoted

# Stands for a text that is no date or no hour.
NONE = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Cells:
    """Each row's date, hour and offset as text; `dates` and `hours` are dictionary-encoded."""

    dates: pa.DictionaryArray
    hours: pa.DictionaryArray
    lines: np.ndarray
    place: Place
    offsets_min: np.ndarray | None = None


def looked_up(
    cells: Cells,
    texts: pa.DictionaryArray,
    parse: Callable[[str], int | None],
    expected: str = "",
) -> np.ndarray:
    """Each row's number; `NONE` for what cannot be parsed, if `expected` does not refuse it."""
    values = [parse((text or "").strip()) for text in texts.dictionary.to_pylist()]
    known = np.array([NONE if value is None else value for value in [*values, None]], np.int64)
    indices = texts.indices
    if indices.null_count:
        # Not fill_null: it imports pandas, which costs every reading process a second.
        indices = pc.coalesce(indices, pa.scalar(len(values), indices.type))
    found: np.ndarray = known[indices.to_numpy()]
    bad = found == NONE
    if expected and bad.any():
        at = int(bad.argmax())
        raise refusal_at(cells.place, cells.lines[at], expected, texts[at].as_py())
    return found


def refusal_at(place: Place, line: int, expected: str, text: str | None) -> UnreadableFile:
    """What is told of a text that is not as expected; of none, too."""
    found = quoted(text) if text else "nothing"
    return UnreadableFile(place.at(line), expected=expected, found=found)
