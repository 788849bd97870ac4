"""The picture of the rooms in docs/architecture.md is true: rooms, and arrows between them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from inmet_platform_tests.embedded import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGES = ("inmet_platform", "local_cloud", "upload_service", "data_service")

Arrows = dict[str, set[str]]


def _drawn() -> Arrows:
    picture = PAGE[PAGE.index("flowchart TB") : PAGE.index("### Rooms of the platform")]
    arrows: Arrows = {}
    for start, ends in re.findall(r"^ +(\w+) --> (.+)$", picture, re.MULTILINE):
        arrows.setdefault(start, set()).update(ends.split(" & "))
    return arrows


def _imported() -> Arrows:
    """Which room imports which; names only type checkers need are no arrow."""
    arrows: Arrows = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            room = _room(".".join(path.relative_to(ROOT).with_suffix("").parts))
            tree = ast.parse(path.read_text(encoding="utf-8"))
            arrows.setdefault(room, set()).update({_room(it) for it in _modules(tree)} - {room})
    return arrows


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return
    if isinstance(node, ast.ImportFrom) and node.module:
        # `from inmet_platform.archive import years`, and `from inmet_platform import errors`
        yield from (f"{node.module}.{it.name}" for it in node.names if _is_ours(node.module))
    elif isinstance(node, ast.Import):
        yield from (it.name for it in node.names if _is_ours(it.name))
    for child in ast.iter_child_nodes(node):
        yield from _modules(child)


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES


def _room(module: str) -> str:
    package, *inside = module.split(".")
    return inside[0] if package == "inmet_platform" and inside else package


def _reached(arrows: Arrows, start: str) -> set[str]:
    found: set[str] = set()
    waiting = [*arrows.get(start, ())]
    while waiting:
        room = waiting.pop()
        if room not in found:
            found.add(room)
            waiting += arrows.get(room, ())
    return found


def test_every_arrow_of_the_picture_is_an_import() -> None:
    imported = _imported()
    assert {a: ends - imported.get(a, set()) for a, ends in _drawn().items()} == {
        a: set() for a in _drawn()
    }


def test_every_import_follows_from_the_arrows_of_the_picture() -> None:
    drawn = _drawn()
    # The package itself, and the two lines that call the command.
    rooms = {a: ends for a, ends in _imported().items() if a not in {"__init__", "__main__"}}
    missing = {a: ends - _reached(drawn, a) for a, ends in rooms.items()}
    assert {a: ends for a, ends in missing.items() if ends} == {}


def test_every_room_has_its_paragraph() -> None:
    rooms = [it.stem for it in (ROOT / "inmet_platform").iterdir() if not it.stem.startswith("__")]
    assert len(rooms) > 15
    beside = ["local_cloud", "upload_service", "data_service", "grafana", "infra", "benchmarks"]
    assert [room for room in [*rooms, *beside] if f"\n**{room}**" not in PAGE] == []
