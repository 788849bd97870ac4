"""What both services say of their errors in OpenAPI."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

PROBLEM_JSON = "application/problem+json"


def document_problems(app: FastAPI) -> None:
    """Have every documented error named `application/problem+json`, as it is answered.

    FastAPI documents a `responses` model as `application/json`, whatever the handler sends.
    """
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            for operations in made()["paths"].values():
                for operation in operations.values():
                    _rename(operation["responses"])
        return made()

    app.openapi = openapi  # type: ignore[method-assign]


def _rename(responses: dict[str, Any]) -> None:
    for code, response in responses.items():
        content = response.get("content", {})
        if code >= "400" and "application/json" in content:
            content[PROBLEM_JSON] = content.pop("application/json")
