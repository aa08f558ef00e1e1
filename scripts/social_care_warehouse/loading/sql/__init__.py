"""The SQL of the loader, one statement to a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def statement(name: str, /, **parts: str) -> str:
    """The statement in `<name>.sql`, its `{placeholders}` filled.

    Values never go in this way, only identifiers (see `sql_text`) and lists of them: values are
    parameters.
    """
    return _text(name).format(**parts) if parts else _text(name)
