"""Small portal files whose every value is chosen, for the edges of the views."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.inmet.portal_form import portal_file
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform_tests.files import station

Floats = NDArray[np.float64]


class Made:
    """Hours of a station, every value missing until it is set."""

    def __init__(self, code: str, first: str, hours: int, **attributes: Any) -> None:
        start = np.datetime64(first, "h")
        self.labels = np.arange(start, start + hours)
        self.values: dict[str, Floats] = {name: np.full(hours, np.nan) for name in VARIABLE_NAMES}
        self._station = replace(station(code), **attributes)

    def fill(self, *names: str, **values: float) -> Made:
        """The same value in every hour: of the names given 20, of the others what is said."""
        for name, value in (dict.fromkeys(names, 20.0) | values).items():
            self.values[name][:] = value
        return self

    def at(self, label: str, **values: float) -> Made:
        """Values of one hour; NaN takes one away."""
        for name, value in values.items():
            self.values[name][self.labels == np.datetime64(label, "h")] = value
        return self

    def keep(self, count: int, first: str, *names: str) -> Made:
        """Of the 24 labels from `first` on, only so many keep their value."""
        start = np.datetime64(first, "h")
        lost = (self.labels >= start + count) & (self.labels < start + 24)
        for name in names:
            self.values[name][lost] = np.nan
        return self

    def file(self) -> bytes:
        return portal_file(self._station, self.labels, self.values, "2020-")


def dated_zip(members: dict[str, tuple[bytes, tuple[int, int, int]]]) -> bytes:
    """A zip whose members tell when they were written, as the portal's do."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (data, day) in members.items():
            archive.writestr(zipfile.ZipInfo(name, (*day, 0, 0, 0)), data)
    return buffer.getvalue()
