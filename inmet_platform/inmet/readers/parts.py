"""The parts of a file: people join files one after the other, each with its metadata block."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

# The first label of a metadata block of the portal, and of BDMEP; and what shows that there may be
# one that is not at the file's beginning.
_BLOCK = re.compile(rb'^"?(?:REGI.{1,3}O|Nome)"?:', re.MULTILINE)
_SIGNS = (b"REGI", b"Nome")
_FIRST_BLOCK_WITHIN = 16


class Part(NamedTuple):
    """A piece of a file, and the lines before it."""

    data: bytes
    lines_before: int


def parts(data: bytes) -> list[Part]:
    """The pieces that begin with a metadata block; a file without a second block is one."""
    if all(data.find(sign, _FIRST_BLOCK_WITHIN) < 0 for sign in _SIGNS):
        return [Part(data, 0)]
    starts = [found.start() for found in _BLOCK.finditer(data)]
    if len(starts) < 2:
        return [Part(data, 0)]
    pieces, lines_before = [], 0
    for first, last in pairwise([0, *starts[1:], len(data)]):
        pieces.append(Part(data[first:last], lines_before))
        lines_before += data.count(b"\n", first, last)
    return pieces
