"""The parts of a file: people join files one after the other, each with its metadata block.

Only files whose rows cannot be read as one table come here: to search all others would cost a tenth
of their reading.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

_BLOCK = re.compile(rb'^"?(?:REGI.{1,3}O|Nome)"?:', re.MULTILINE)


class Part(NamedTuple):
    """A piece of a file, and the lines before it."""

    data: bytes
    lines_before: int


def parts(data: bytes) -> list[Part]:
    """The pieces that begin with a metadata block; a file without a second block is one."""
    starts = [found.start() for found in _BLOCK.finditer(data)]
    if len(starts) < 2:
        return [Part(data, 0)]
    pieces, lines_before = [], 0
    for first, last in pairwise([0, *starts[1:], len(data)]):
        pieces.append(Part(data[first:last], lines_before))
        lines_before += data.count(b"\n", first, last)
    return pieces
