"""The pages of the two HTTP services, from the OpenAPI that each answers under `/openapi.json`."""

from __future__ import annotations

from typing import Any

from data_service.app import create_app as create_data
from docs.source.markdown import code, head, page, table
from docs.source.schemas import Schemas
from docs.source.settings import EXAMPLE
from inmet_platform.config.settings import Settings
from upload_service.app import create_app as create_upload

# What every answer of the data service has beside its rows; told once, above.
_ENVELOPE = frozenset({"source", "tz", "station", "from", "to", "rows"})


def upload_page() -> str:
    """`docs/reference/upload-api.md`, whole."""
    return _document(
        "Upload service",
        "upload_service",
        create_upload(_settings()).openapi(),
        _UPLOAD,
    )


def data_page() -> str:
    """`docs/reference/data-api.md`, whole."""
    return _document(
        "Data service",
        "data_service",
        create_data(_settings()).openapi(),
        _DATA,
        told_above=_ENVELOPE,
    )


_UPLOAD = """\
The service listens on `UPLOAD_URL`, by default http://127.0.0.1:8000. It stores a file under `raw/`
in the bucket and says where each file is; the chain does the rest. When `UPLOAD_TOKEN` is set,
every request must carry it: `Authorization: Bearer <token>`.

An error is `application/problem+json` with `title`, `status`, `detail` (one sentence: what was
expected, what was found) and `remedy` (what you can do)."""

_DATA = """\
The service listens on `DATA_URL`, by default http://127.0.0.1:8001, and only reads. It answers from
the exported files alone, as JSON of flat rows. A missing value is null, never 0.

- **Period.** `from` and `to` are local dates or times of `tz`. Without them the period is the
  station's last 30 days. Without `tz` it is the legal time of the station. An hour belongs to the
  local hour, day and month in which it begins.
- **Gaps.** A step with fewer than half of its hours is null. A month counts when 80 % of its hours
  are there.
- **Size.** An answer has at most 3,000 rows and 200 KB; a larger one is refused with 413.
- **Cache.** An answer carries an ETag, which holds until an export changes a file.
- **Load.** The service works on `DATA_AT_ONCE` questions at a time; `DATA_MOST_WAITING` more may
  wait. Beyond that it answers 503 with `Retry-After`.
- **Envelope.** Beside its `rows` an answer has `source`, which you name wherever you show the data,
  and `tz`. An answer about a period also has `station`, `from` and `to`.

An error is `application/problem+json` with `title`, `status`, `detail` and `remedy`."""


def _settings() -> Settings:
    """The embedded defaults: no answer's form depends on a setting."""
    return Settings(home=EXAMPLE.parent, _env_file=EXAMPLE)


def _document(
    title: str,
    folder: str,
    api: dict[str, Any],
    introduction: str,
    told_above: frozenset[str] = frozenset(),
) -> str:
    schemas = Schemas(api["components"]["schemas"], told_above)
    operations = [
        (f"{method.upper()} {path}", it)
        for path, methods in api["paths"].items()
        for method, it in methods.items()
    ]
    overview = table(
        ["request", "what it answers"],
        ([f"[`{name}`](#{_slug(name)})", _sentence(it)] for name, it in operations),
    )
    return page(
        head(title, f"the OpenAPI of `{folder}`", introduction),
        overview,
        *(_chapter(name, it, schemas) for name, it in operations),
        "## Status codes",
        _statuses(operations),
    )


def _chapter(name: str, operation: dict[str, Any], schemas: Schemas) -> str:
    parameters = _parameters(operation, schemas)
    fields = _answer_fields(operation, schemas)
    return page(
        f"## {name}",
        operation["description"],
        table(["parameter", "type", "without it", "what it is"], parameters),
        table(["field of the answer", "type", "what it is"], fields),
    ).strip()


def _parameters(operation: dict[str, Any], schemas: Schemas) -> list[list[str]]:
    found = [(it["name"], it["schema"], it["required"]) for it in operation.get("parameters", [])]
    for media in operation.get("requestBody", {}).get("content", {}).values():
        body = schemas.of(media["schema"])
        found += [
            (name, it, name in body.get("required", [])) for name, it in body["properties"].items()
        ]
    return [
        [
            code(name),
            schemas.kind(it).removesuffix(" or null"),
            "*required*" if required else code(it.get("default")),
            it.get("description", ""),
        ]
        for name, it, required in found
    ]


def _answer_fields(operation: dict[str, Any], schemas: Schemas) -> list[list[str]]:
    good = next(it for status, it in operation["responses"].items() if status.startswith("2"))
    media = good.get("content", {}).get("application/json")
    if media is None:
        return []
    return [
        [code(path), schemas.kind(it), it.get("description", "")]
        for path, it in schemas.fields(media["schema"]).items()
    ]


def _statuses(operations: list[tuple[str, dict[str, Any]]]) -> str:
    """Every status once, with what it means and where that is not everywhere."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, operation in operations:
        for status, it in operation["responses"].items():
            found.setdefault((status, it["description"]), []).append(name)
    return table(
        ["status", "what it means", "answer to"],
        (
            [status, meaning, "" if len(names) > 5 else ", ".join(map(code, names))]
            for (status, meaning), names in sorted(found.items())
            if meaning != "Successful Response"
        ),
    )


def _sentence(operation: dict[str, Any]) -> str:
    return str(operation["description"]).partition("\n\n")[0]


def _slug(name: str) -> str:
    return "".join(c for c in name.lower().replace(" ", "-") if c.isalnum() or c in "-_")
