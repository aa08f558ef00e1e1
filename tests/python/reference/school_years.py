"""What the datasets of schools have in common: school years, year groups, several rows of a year.

A school year ends on 31 August and is called by the calendar year in which it ends.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from reference.cells import Row, clean, clean_code, read_academic_year, read_identifier
from reference.code_lists import SEEDS

SECONDARY = range(7, 12)


def school_year(row: Row, column: str) -> int | None:
    """The year of a row: that of the suffix of its file, otherwise that of its own column."""
    return row.get("_suffix_year") or read_academic_year(row.get(column))


def school_year_of(day: date) -> int:
    """The school year of a day."""
    return day.year + (day.month >= 9)


def age_before(born: tuple[int, int | None] | None, year: int) -> int | None:
    """The age on the 31 August on which a school year begins."""
    if born is None or born[1] is None:
        return None
    return year - 1 - born[0] - (born[1] > 8)


def read_year_group(text: str | None) -> int | None:
    """The number of a national curriculum year; None for X, which follows none."""
    code = clean_code(text)
    if code is not None and re.fullmatch(r"0[0-9]", code):
        code = code[1]
    return year_groups().get(code)


@cache
def year_groups() -> dict[str, int]:
    """The number of each code of a national curriculum year."""
    with (SEEDS / "lookups" / "nc_year.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return {row["code"]: int(row["year_group"]) for row in rows if row["year_group"]}


def read_decimal(text: str | None) -> float | None:
    """A number with or without decimals."""
    cell = clean(text)
    if cell is None or not re.fullmatch(r"[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)", cell):
        return None
    return float(cell)


def pupil_rows(rows: Iterable[Row], column: str = "PupilMatchingRefAnonymous") -> dict:
    """The rows of each pupil; those without a pupil reference belong to nobody."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        pupil = read_identifier(row.get(column))
        if pupil is not None:
            found.setdefault(pupil, []).append(row)
    return found


def without_copies(rows: list[Row]) -> list[Row]:
    """Rows that are alike in every cell count once."""
    different: list[Row] = []
    for row in rows:
        cells = {name: text for name, text in row.items() if not _is_provenance(name)}
        if all(
            cells != {name: text for name, text in other.items() if not _is_provenance(name)}
            for other in different
        ):
            different.append(row)
    return different


def _is_provenance(name: str) -> bool:
    return name.startswith("_") and name != "_suffix_year"
