"""Exclusions from school, one by one, and what they add up to in a school year."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache

from reference.cells import (
    Result,
    Row,
    clean_code,
    read_academic_year,
    read_date,
    read_flag,
    read_whole_number,
)
from reference.code_lists import SEEDS
from reference.school_years import pupil_rows, read_year_group, school_year_of, without_copies

N_SLOTS = 40
FIXED, PERMANENT = "fixed period", "permanent"


@cache
def category_groups() -> dict[str, str]:
    """Whether each code of a category is a fixed period, permanent or a lunchtime."""
    path = SEEDS / "lookups" / "exclusion_category.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["category_group"] for row in csv.DictReader(lines)}


def year_of(row: Row) -> int | None:
    """The school year of a row: of its file, of its own column, of its census, of its start."""
    year = row.get("_suffix_year") or read_academic_year(row.get("AcademicYear"))
    if year is None:
        day = read_date(row.get("CensusDate")) or read_date(row.get("StartDate"))
        year = None if day is None else school_year_of(day)
    return year


def is_wide(row: Row) -> bool:
    """Whether a row is the year of a pupil, with totals and numbered groups."""
    names = ("TotalFixedExclusions", "TotalFixedSessions", "PermanentExclusionIndicator")
    slots = (f"Category_{number}" for number in range(1, N_SLOTS + 1))
    names = (*names, "PermanentExclusionCount", *slots)
    return any(row.get(name) for name in names)


def exclusions(rows: list[Row]) -> dict[str, list[Result]]:
    """The exclusions of each pupil that count."""
    return {
        pupil: [one for row in without_copies(own) for one in _of_row(row)]
        for pupil, own in pupil_rows(rows).items()
    }


def _of_row(row: Row) -> list[Result]:
    year = year_of(row)
    if is_wide(row):
        slots = [
            (row.get(f"Category_{n}"), row, f"StartDate_{n}", f"Sessions_{n}", f"NCYear_{n}")
            for n in range(1, N_SLOTS + 1)
        ]
    elif read_flag(row.get("Perm_Duplicate")):
        slots = []
    else:
        category = row.get("Category")
        if clean_code(category) is None:
            indicator = clean_code(row.get("PermanentExclusionInd"))
            category = "P" if indicator is not None and indicator.startswith("P") else None
        slots = [(category, row, "StartDate", "Sessions", "NCYear")]
    return [
        {
            "year": year,
            "group": category_groups().get(clean_code(category)),
            "start": read_date(row.get(start)),
            "sessions": read_whole_number(row.get(sessions)),
            "year_group": read_year_group(row.get(group)),
        }
        for category, row, start, sessions, group in slots
        if clean_code(category) is not None
    ]


def exclusion_years(rows: list[Row]) -> dict[str, dict[int, Result]]:
    """For each pupil and school year the number of suspensions, their sessions, and the rest.

    The totals that were delivered are the answer: they also hold what found no place in 40 groups.
    """
    found: dict[str, dict[int, Result]] = {}
    by_pupil = exclusions(rows)
    for pupil, own in pupil_rows(rows).items():
        years = {year_of(row) for row in own} - {None}
        found[pupil] = {
            year: _year(
                [row for row in without_copies(own) if year_of(row) == year],
                [one for one in by_pupil[pupil] if one["year"] == year],
            )
            for year in years
        }
    return found


def _year(rows: list[Row], shown: list[Result]) -> Result:
    fixed = [one for one in shown if one["group"] == FIXED]
    permanent = [one for one in shown if one["group"] == PERMANENT]
    sessions = [one["sessions"] for one in fixed if one["sessions"] is not None]
    n_delivered = _total(rows, "TotalFixedExclusions")
    sessions_delivered = _total(rows, "TotalFixedSessions")
    n_permanent = max(
        len({one["start"] for one in permanent}),
        _total(rows, "PermanentExclusionCount") or 0,
        int(any(read_flag(row.get("PermanentExclusionIndicator")) for row in rows)),
    )
    starts: list[date] = [one["start"] for one in permanent if one["start"] is not None]
    groups = [one["year_group"] for one in shown if one["year_group"] is not None]
    return {
        "year_group": max(groups, default=None),
        "n_suspensions": len(fixed) if n_delivered is None else n_delivered,
        "sessions": sum(sessions) if sessions_delivered is None else sessions_delivered,
        "n_permanent": n_permanent,
        "first_permanent": min(starts, default=None),
    }


def _total(rows: list[Row], column: str) -> int | None:
    """What the rows of a pupil's year add up to: one row, or one per school."""
    numbers = [read_whole_number(row.get(column)) for row in rows]
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
