"""The user's own figures about authorities: the file is looked at before any work begins."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from social_care_warehouse.console import UserError

SETTING = "WAREHOUSE_AREA_COVARIATES"
COLUMNS = ("new_la_code", "year", "measure", "value")
WHAT_TO_DO = f"Write these four columns in this order, separated by commas: {','.join(COLUMNS)}."


def check_covariates() -> None:
    """Raise UserError if the setting names a file that is not a table of figures.

    The message shows nothing of what the file holds: it can be the wrong one.
    """
    path = os.environ.get(SETTING)
    if not path:
        return
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as text:
            _check_lines(csv.reader(text, strict=True))
    except OSError:
        raise _wrong("cannot be read", "Check the path.") from None
    except UnicodeDecodeError:
        raise _wrong("is not UTF-8 text", "Save it as UTF-8.") from None
    except csv.Error:
        what = "has a quotation mark in the wrong place or a value that is too long"
        raise _wrong(what, WHAT_TO_DO) from None


def _check_lines(lines: Iterator[list[str]]) -> None:
    header = next(lines, [])
    if tuple(cell.strip().lower() for cell in header) != COLUMNS:
        raise _wrong(f"has no header {','.join(COLUMNS)}", WHAT_TO_DO)
    n_lines = n_figures = 0
    for number, cells in enumerate(lines, start=2):
        if not cells:
            continue
        if len(cells) != len(COLUMNS):
            what = f"has {len(cells)} columns instead of {len(COLUMNS)} in row {number}"
            raise _wrong(what, WHAT_TO_DO)
        n_lines += 1
        n_figures += _is_number(cells[1]) and _is_number(cells[3])
    if n_figures * 2 < n_lines:
        what = f"has a year and a value that are numbers in only {n_figures} of {n_lines} rows"
        raise _wrong(what, "Name a file with figures about authorities.")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _wrong(what: str, to_do: str) -> UserError:
    return UserError(f"The file that {SETTING} names {what}. {to_do}")
