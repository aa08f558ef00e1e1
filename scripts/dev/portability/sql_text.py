"""Tells SQL, the texts in it, Jinja code and comments apart."""

from __future__ import annotations

import re

# Comments, Jinja code and texts, in the order in which they must be told apart.
TOKEN = re.compile(
    r"(?P<jinja_comment>\{#.*?#\})"
    r"|(?P<jinja>\{\{.*?\}\}|\{%.*?%\})"
    r"|(?P<comment>--[^\n]*|/\*.*?\*/)"
    r"|(?P<text>'(?:\{\{.*?\}\}|''|[^'])*')",
    re.DOTALL,
)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
JINJA_TEXT = re.compile(r"'((?:\\.|[^'\\])*)'|\"((?:\\.|[^\"\\])*)\"", re.DOTALL)
SQL_TEXT = re.compile(r"'[^']*'")
# A test with this in its config is about one engine, and dbt leaves it out on every other.
OF_ONE_ENGINE = re.compile(r"\{\{-?\s*config\(.*\benabled=\(target\.type == 'duckdb'\)", re.DOTALL)


def code_of(sql: str) -> str:
    """The SQL alone, and the pieces of SQL that Jinja code hands to macros, at their places."""
    return TOKEN.sub(_code_of_token, sql)


def texts_of(sql: str) -> str:
    """The insides of texts in SQL alone, at their places."""
    parts, position = [], 0
    for token in TOKEN.finditer(sql):
        parts.append(blank(sql[position : token.start()]))
        text = JINJA.sub(lambda code: blank(code[0]), token["text"] or "")
        parts.append(text or blank(token[0]))
        position = token.end()
    return "".join([*parts, blank(sql[position:])])


def is_of_one_engine(sql: str) -> bool:
    """Whether a file's config leaves it out on every engine but one."""
    return any(OF_ONE_ENGINE.match(token["jinja"] or "") for token in TOKEN.finditer(sql))


def blank(text: str) -> str:
    """As many spaces, on as many lines."""
    return re.sub(r"[^\n]", " ", text)


def _code_of_token(token: re.Match[str]) -> str:
    if token["jinja"]:
        kept = list(blank(token[0]))
        for text in JINJA_TEXT.finditer(token[0]):
            start, end = text.span(text.lastindex or 0)
            kept[start:end] = SQL_TEXT.sub(lambda t: blank(t[0]), token[0][start:end])
        return "".join(kept)
    if token["text"]:
        return f"'{blank(token[0][1:-1])}'"
    return blank(token[0])
