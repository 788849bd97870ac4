"""The quality rules by family, so that one look tells what kind of error the hours have."""

from __future__ import annotations

from inmet_platform.inmet.quality.flags import BITS

_ENDINGS = {
    "limits": ("_range", "_high", "_unusual", "_ceiling", "_no_tip"),
    "agreement": ("_min_above_max", "_above_temperature", "_beyond_extremes", "_below_speed"),
    "steps": ("_step",),
    "stuck": ("_persistent", "_repeated"),
    "sun": ("_at_night", "clock"),
}

# Family -> its rules.
FAMILIES = {
    family: tuple(name for name in BITS if name.endswith(endings))
    for family, endings in _ENDINGS.items()
}

# Family -> the bits of its rules in `qc_tests`.
MASKS = {family: sum(BITS[name] for name in names) for family, names in FAMILIES.items()}

# The largest share of hours that a family flags before its check warns: some three times what it
# flags of the whole network's 2024 (docs/quality.md), 0.1 % where that is less.
LARGEST_SHARE = {"limits": 0.005, "agreement": 0.001, "steps": 0.02, "stuck": 0.015, "sun": 0.05}
