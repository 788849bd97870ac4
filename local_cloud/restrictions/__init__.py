"""What Snowflake refuses though its grammar has it: one function a documented restriction.

Each finds the offending parts of a statement's tree, as sqlglot reads it. The endpoint refuses
what they find, as Snowflake does, before it runs anything.
"""

from __future__ import annotations

from functools import lru_cache

from snowflake.connector.errors import ProgrammingError

from local_cloud.restrictions import clauses, copying, functions, reserved_words, subqueries
from local_cloud.restrictions.restriction import Parts, Restriction
from local_cloud.statement import KEPT, command_of

RESTRICTIONS = (
    *subqueries.RESTRICTIONS,
    *clauses.RESTRICTIONS,
    *reserved_words.RESTRICTIONS,
    *functions.RESTRICTIONS,
    *copying.RESTRICTIONS,
)

Offence = tuple[Restriction, str]


def offences(text: str, restrictions: tuple[Restriction, ...] = RESTRICTIONS) -> list[Offence]:
    """What Snowflake would refuse of a statement: the restriction, and the part that offends it."""
    parts = Parts(text)
    return [
        (restriction, offender.sql("snowflake")[:200])
        for restriction in restrictions
        for offender in restriction.offenders(parts)
    ]


@lru_cache(maxsize=KEPT)
def refusal(text: str, *, in_a_pipe: bool = False) -> tuple[str, int, str] | None:
    """Snowflake's answer to a statement that offends a restriction: words, number, SQL state.

    Raises:
        ProgrammingError: it is no SQL of Snowflake's.
    """
    if command_of(text):
        return None
    restrictions = (*RESTRICTIONS, *copying.OF_A_PIPE) if in_a_pipe else RESTRICTIONS
    for restriction, offender in offences(text, restrictions):
        words = restriction.words or f"syntax error: {restriction.says}."
        where = f"{restriction.says} ({restriction.page}); found: {offender}"
        return f"SQL compilation error:\n{words}\n{where}", restriction.errno, restriction.sqlstate
    return None


def refuse(text: str, *, in_a_pipe: bool = False) -> None:
    """Refuse what Snowflake refuses.

    Raises:
        ProgrammingError: with Snowflake's number and words, and the page that says so.
    """
    if refused := refusal(text, in_a_pipe=in_a_pipe):
        message, errno, sqlstate = refused
        raise ProgrammingError(msg=message, errno=errno, sqlstate=sqlstate)
