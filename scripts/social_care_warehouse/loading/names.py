"""Which names of files and columns may be shown, and how.

A damaged header can hold a person's values. So a header cell is shown only if it can be nothing but
a name, and no control character of a name ever reaches a terminal.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

LONGEST_NAME = 60
# A word can end in a number, or have one before another word.
_WORD = r"(?:[^\W\d_]+(?:\d{1,4}[A-Z][a-z]{3,}[A-Za-z]*)*\d{0,4}|\d{1,4})"
_NAME = re.compile(rf"{_WORD}(?:[ _.%/()-]+{_WORD})*[ _.%/()-]*", re.ASCII)
# What a release adds to the name of a column, such as _anon, _SPR12 and _2.
_SUFFIX = re.compile(r"_[A-Za-z]{0,4}\d{0,2}")


def printable(name: str | Path) -> str:
    """A name as text that can be shown and stored: control characters are written as escapes."""
    text = os.fsencode(name).decode("utf-8", errors="replace")
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def is_showable(cell: str) -> bool:
    """Whether a header cell has the form of a name, and no digits as in an identifier or a date."""
    name = cell.strip()
    if len(name) > LONGEST_NAME:
        return False
    letters = unicodedata.normalize("NFKD", name)
    letters = "".join(character for character in letters if not unicodedata.combining(character))
    n_digits = sum(map(str.isdigit, name))
    n_letters = sum(map(str.isalpha, name))
    return n_digits < n_letters and bool(_NAME.fullmatch(letters))


def is_name_with(name: str, ending: str) -> bool:
    """Whether a known name and what follows it are a name: a usual ending, or a letter twice."""
    return bool(_SUFFIX.fullmatch(ending)) or ending.lower() == name[-1:].lower()
