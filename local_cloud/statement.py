"""A statement as sqlglot reads it: parsed once, and asked by all who must know what it does."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import lru_cache

from fakesnow.dialect import parse_one
from sqlglot import exp
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.tokenizer_core import TokenType

# A run repeats its questions; an INSERT of some hundred rows is a large tree.
KEPT = 64

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
