"""Calls of functions and casts, from the name to the bracket that closes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dev.portability.sql_text import blank

BRACKET = re.compile(r"(?P<opening>(?:\b\w+\s*)?\()|\)")
CAST = re.compile(r"(try_)?cast\s*\(", re.IGNORECASE)
# However broken the numbers inside, what comes of these is whole, or only chooses rows.
MAKES_WHOLE = re.compile(
    r"(floor|ceil|ceiling|count|length|filter|over)\s*\(|round\s*\([^,]*$", re.IGNORECASE
)
CONDITION = re.compile(r"(?<=\bwhen\b).*?(?=\bthen\b)", re.IGNORECASE | re.DOTALL)


def calls(code: str) -> Iterator[tuple[int, str]]:
    """Each call with its place. What stands in brackets within it is blanked out, so that a comma
    in it parts two of its own arguments."""
    for start, text in _bracketed(code):
        yield start, _without_inner_brackets(text)


def casts(code: str) -> Iterator[tuple[int, str]]:
    """Each cast with its place, whole but for what cannot make its number a broken one."""
    kept = code
    for start, text in _bracketed(code):
        if MAKES_WHOLE.match(_without_inner_brackets(text)):
            inside, end = start + text.index("(") + 1, start + len(text) - 1
            kept = kept[:inside] + blank(kept[inside:end]) + kept[end:]
    for start, text in _bracketed(kept):
        if CAST.match(text):
            yield start, CONDITION.sub(lambda condition: blank(condition[0]), text)


def _bracketed(code: str) -> Iterator[tuple[int, str]]:
    """Each pair of brackets with the word before it, inner pairs before outer ones."""
    opened: list[int] = []
    for bracket in BRACKET.finditer(code):
        if bracket["opening"]:
            opened.append(bracket.start())
        elif opened:
            start = opened.pop()
            yield start, code[start : bracket.end()]


def _without_inner_brackets(text: str) -> str:
    depth, kept = 0, []
    for character in text:
        depth -= character == ")"
        kept.append(character if depth <= 1 else blank(character))
        depth += character == "("
    return "".join(kept)
