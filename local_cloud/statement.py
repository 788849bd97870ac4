"""A statement as sqlglot reads it: parsed once, and asked by all who must know what it does."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import lru_cache

from fakesnow.dialect import parse_one
from snowflake.connector.errors import ProgrammingError
from sqlglot import exp
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.tokenizer_core import TokenType

# A run repeats its questions; an INSERT of some hundred rows is a large tree.
KEPT = 64

_FIRST = re.compile(r"(?:\s|--[^\n]*\n)*(\w+)")
_VERBS = {"CREATE", "ALTER", "DROP", "DESC", "DESCRIBE", "SHOW", "GRANT", "REVOKE"}
# Of these sqlglot has no tree, or one of some of their statements alone: they are read by words.
_NOUNS = {"PIPE", "PIPES", "ROLE", "USER", "RESOURCE", "INTEGRATION", "STORAGE"}
_BETWEEN = {"OR", "REPLACE", "IF", "NOT", "EXISTS"}

# What sqlglot keeps as text is read here by its words; its warnings of it would fill the log.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


@lru_cache(maxsize=KEPT)
def tree_of(text: str) -> exp.Expr:
    """The tree of a statement, shared by all who ask: whoever changes it takes a copy.

    Raises:
        ProgrammingError: it is no SQL of Snowflake's.
    """
    tree: exp.Expr = parse_one(text)
    return tree


@lru_cache(maxsize=KEPT)
def words_of(text: str) -> tuple[str, ...]:
    """Words of a command, comments left out: names with their dots are one word, in capitals.

    A text keeps its case and stands in quotes, so it is never taken for a word.
    """
    words: list[str] = []
    dotted = False
    for token in Snowflake().tokenize(text):
        if token.token_type in (TokenType.STRING, TokenType.HEREDOC_STRING):
            words.append(f"'{token.text}'")
        elif token.token_type == TokenType.DOT or dotted:
            words[-1] += token.text.upper()
        else:
            words.append(token.text.upper())
        dotted = token.token_type == TokenType.DOT
    return tuple(words[:-1] if words and words[-1] == ";" else words)


@lru_cache(maxsize=KEPT)
def command_of(text: str) -> tuple[str, str] | None:
    """Verb and noun of a statement about pipes or the account, such as ("ALTER", "PIPE").

    None of any other: it has a tree.
    """
    first = _FIRST.match(text)
    if not first or first[1].upper() not in _VERBS:
        return None
    verb, *rest = words_of(text)
    verb = "DESC" if verb == "DESCRIBE" else verb
    if verb in ("GRANT", "REVOKE"):
        return verb, "ROLE" if rest[0] == "ROLE" else "PRIVILEGE"
    noun = next((word for word in rest if word not in _BETWEEN), "")
    if (verb, noun) == ("ALTER", "WAREHOUSE"):
        return verb, noun
    if noun == "STORAGE" and verb == "CREATE":
        return None  # it has a tree
    return (verb, "INTEGRATION" if noun == "STORAGE" else noun) if noun in _NOUNS else None


def not_known(why: str) -> ProgrammingError:
    """The refusal of a statement that is not done here; `why` says what was found."""
    message = f"The embedded endpoint does not know this statement. ({why})"
    return ProgrammingError(msg=message, errno=1003, sqlstate="0A000")


def named(words: tuple[str, ...], noun: str) -> str:
    """The name after a noun, such as PIPE: what follows it and IF [NOT] EXISTS."""
    after = words[words.index(noun) + 1 :]
    return next(word for word in after if word not in _BETWEEN)


def options_after(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """`NAME = value` pairs; a list in parentheses is one value, without them."""
    at = 0
    while at + 2 < len(words):
        if words[at + 1] != "=":
            at += 1
            continue
        name, end = words[at], at + 3
        if words[at + 2] == "(":
            depth = 1
            while depth and end < len(words):
                depth += (words[end] == "(") - (words[end] == ")")
                end += 1
            yield name, " ".join(words[at + 3 : end - 1])
        else:
            yield name, words[at + 2].strip("'")
        at = end
