"""What a run of the chain made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outcome:
    """The run's id, and the metadata of each asset it made, by the asset's name."""

    run_id: str
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
