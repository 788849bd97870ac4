"""The ledger of fidelity is complete, and what it names exists."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from inmet_platform_tests import fidelity
from inmet_platform_tests.embedded import ROOT


@pytest.mark.parametrize(
    "keys",
    [fidelity.statement_keys, fidelity.call_keys, fidelity.command_keys],
    ids=["statements", "boto3 calls", "commands"],
)
def test_whatever_the_code_asks_of_an_endpoint_has_a_row(
    keys: Callable[[], dict[str, str]],
) -> None:
    rows = fidelity.rows()
    found = keys()
    assert found
    missing = [
        f"| `{key}` | what we rely on | executed, grammar, schema or documented | the test, or the "
        f"vendor's page |      ({place})"
        for key, place in found.items()
        if key not in rows
    ]
    assert not missing, "Add to the table in docs/fidelity.md:\n" + "\n".join(missing)


def test_no_row_is_about_something_that_is_gone() -> None:
    there = {**fidelity.statement_keys(), **fidelity.call_keys(), **fidelity.command_keys()}
    ours = [key for key in fidelity.rows() if key.startswith(("sql ", "boto3 ", "inmet "))]
    gone = [key for key in ours if key not in there]
    assert not gone, f"Remove from docs/fidelity.md, or rename: {gone}"


def test_every_row_names_a_kind_of_proof_and_where_it_is() -> None:
    tests = {
        name
        for path in (ROOT / "inmet_platform_tests").rglob("test_*.py")
        for name in re.findall(r"^(?:def|    def) (test_\w+)", path.read_text(), re.MULTILINE)
    }
    for row in fidelity.rows().values():
        assert row.proof in fidelity.PROOFS, f"{row.key}: {row.proof}"
        assert row.relied_on, row.key
        named = re.findall(r"`(test_\w+)`", row.where)
        unknown = [name for name in named if name not in tests]
        assert not unknown, f"{row.key}: there is no {unknown}"
        if row.proof == "documented":
            assert "https://" in row.where, f"{row.key}: name the vendor's page"
        else:
            assert named, f"{row.key}: name the test"


def test_the_ledger_finds_a_call_by_its_form(tmp_path: Path) -> None:
    """Or the tests above would pass for having found nothing."""
    assert {"boto3 put_object", "boto3 receive_message", "boto3 upload_fileobj"} <= set(
        fidelity.call_keys()
    )
    code = tmp_path / "code.py"
    code.write_text("self._sqs.send_message()\nsns_client.publish()\nclient().list()\nother.get()")
    assert [name for name, _ in fidelity._client_calls(code)] == ["send_message", "publish"]
