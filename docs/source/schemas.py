"""The schemas of an OpenAPI document in words: the type of a value, the fields of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docs.source.markdown import code

Schema = dict[str, Any]

_KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "object",
    "null": "null",
}
_FORMATS = {"date": "date", "date-time": "time"}
_PLURALS = {"text": "texts", "object": "objects", "file": "files"}


class Schemas:
    """The named schemas of a document."""

    def __init__(self, named: dict[str, Schema], told_above: frozenset[str]) -> None:
        """Keep them.

        Args:
            named: by name, as `components` has them.
            told_above: fields at the top of an answer that are not listed.
        """
        self._named = named
        self._told_above = told_above

    def of(self, schema: Schema) -> Schema:
        """The schema itself, or the one that it names."""
        return self._named[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    def kind(self, schema: Schema) -> str:
        """A type in words."""
        found = self.of(schema)
        if "enum" in found:
            return ", ".join(code(it) for it in found["enum"])
        if "anyOf" in found:
            return " or ".join(dict.fromkeys(self.kind(it) for it in found["anyOf"]))
        if "items" in found:
            one = self.kind(found["items"])
            return f"list of {_PLURALS.get(one, one)}"
        if "contentMediaType" in found:
            return "file"
        named = _FORMATS.get(found.get("format", ""))
        return named or _KINDS.get(found.get("type", ""), "any value")

    def fields(self, schema: Schema) -> dict[str, Schema]:
        """Every field that an answer holds; those inside of another by their path, `rows[].at`."""
        return dict(self._fields(schema, ""))

    def _fields(self, schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
        for held, mark in self._held(schema):
            for name, it in held.get("properties", {}).items():
                place = f"{path}{mark}.{name}" if path else name
                if place not in self._told_above:
                    yield place, it
                yield from self._fields(it, place)

    def _held(self, schema: Schema, mark: str = "") -> Iterator[tuple[Schema, str]]:
        """The objects that a value holds, and how a path to their fields goes on."""
        if "$ref" in schema:
            yield self.of(schema), mark
        for it in schema.get("anyOf", []):
            yield from self._held(it, mark)
        if "items" in schema:
            yield from self._held(schema["items"], f"{mark}[]")
