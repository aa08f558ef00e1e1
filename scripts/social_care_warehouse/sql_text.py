"""Names and values as SQL writes them, where a parameter is not allowed."""

from __future__ import annotations


def identifier(name: str) -> str:
    """A name, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A piece of text, such as a path."""
    return "'" + str(value).replace("'", "''") + "'"
