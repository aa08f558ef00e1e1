"""Which names of files and columns may be shown, and how.

A damaged header can hold a person's values. So a header cell is shown only if it can be nothing but
a name, and no control character of a name ever reaches a terminal.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

LONGEST_NAME = 60
_LONG_NUMBER = re.compile(r"\d{5}")


def printable(name: str | Path) -> str:
    """A name as text that can be shown and stored: control characters are written as escapes."""
    text = os.fsencode(name).decode("utf-8", errors="replace")
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def is_showable(cell: str) -> bool:
    """Whether a header cell is a short, printable name and not likely to hold a value."""
    name = cell.strip()
    n_digits = sum(map(str.isdigit, name))
    n_letters = sum(map(str.isalpha, name))
    return (
        0 < len(name) <= LONGEST_NAME
        and name.isprintable()
        and n_digits < n_letters
        and not _LONG_NUMBER.search(name)
    )
