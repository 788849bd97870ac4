"""The runbook of the pipes, from `runbook.toml`: what each state means, and what to do.

Alerts, checks and errors take their words from here, and so does `docs/runbook.md`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

DOCUMENT = "docs/runbook.md"


@dataclass(frozen=True)
class Entry:
    """A paragraph: what a state means, what to do, and what the platform does by itself.

    `goes_on`: the pipe still loads. `is_error`: a human is needed; else it is a warning.
    """

    name: str
    meaning: str
    action: str
    by_itself: str
    goes_on: bool = False
    is_error: bool = True

    @property
    def link(self) -> str:
        """Where the paragraph stands."""
        return f"{DOCUMENT}#{self.name.lower()}"

    def advice(self, pipe: str) -> str:
        """What to do about that pipe, and where the whole paragraph stands."""
        return f"{self.action.replace('<pipe>', pipe)} ({self.link})"

    def paragraph(self) -> str:
        """As Markdown: the same in the runbook and in the metadata of the check."""
        kind = "Error." if self.is_error else "Well." if self.name == "RUNNING" else "Warning."
        return (
            (
                f"### {self.name}\n\n{kind} {self.meaning}\n\n**What to do.** {self.action}\n\n"
                f"**What the platform does.** {self.by_itself}"
            )
            .replace("<", "&lt;")
            .replace(">", "&gt;")
        )


_TOLD: dict[str, Any] = tomllib.loads(
    files(__package__).joinpath("runbook.toml").read_text(encoding="utf-8")
)


def _entry(told: dict[str, Any]) -> Entry:
    action = told["action"].replace("<anew>", _TOLD["made_anew"])
    action = action.replace("<support>", _TOLD["ask_support"])
    return Entry(**{"by_itself": _TOLD["alerts_only"], **told, "action": action})


STATES = tuple(map(_entry, _TOLD["states"]))
CONDITIONS = tuple(map(_entry, _TOLD["conditions"]))
ENTRIES = {entry.name: entry for entry in (*STATES, *CONDITIONS)}


def entry_of(state: str) -> Entry:
    """The paragraph of a state that Snowflake names, whether this version knows it or not."""
    # PAUSED_BY_ACCOUNT_ADMIN and the like, of older versions.
    name = "PAUSED" if state.startswith("PAUSED") else state
    return ENTRIES.get(name, ENTRIES["UNKNOWN_STATE"])
