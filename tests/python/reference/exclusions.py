"""Exclusions from school, one by one, and what they add up to in a school year."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from functools import cache

from reference.cells import (
    Result,
    Row,
    clean,
    clean_code,
    read_academic_year,
    read_date,
    read_flag,
    read_whole_number,
)
from reference.code_lists import SEEDS
from reference.school_years import pupil_rows, read_year_group, school_year_of

N_SLOTS = 40
# As many as a pupil can have in a school year.
MOST = {"TotalFixedExclusions": 210, "TotalFixedSessions": 420, "PermanentExclusionCount": 9}
SLOT_COLUMNS = (
    "Category", "Reason", "Reason_B", "Reason_C", "StartDate", "Sessions", "Term", "NCYear",
)  # fmt: skip
# Each of the three reasons of an exclusion, with the names of its column.
REASONS = (("Reason", "Reason_A"), ("Reason_B",), ("Reason_C",))
FIXED, PERMANENT = "fixed period", "permanent"
# The files before this year hold permanent exclusions, and suspensions only now and then.
FIRST_YEAR_OF_SUSPENSIONS = 2006


@cache
def category_groups() -> dict[str, str]:
    """Whether each code of a category is a fixed period, permanent or a lunchtime."""
    path = SEEDS / "lookups" / "exclusion_category.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["category_group"] for row in csv.DictReader(lines)}


def year_of(row: Row) -> int | None:
    """The school year of a row: of its file, of its own column, of its census, of its start.

    A row that was reported a year late says so, and keeps the year in which it began.
    """
    own, reported = (
        read_academic_year(row.get(column)) for column in ("AcademicYear", "ReportingAcademicYear")
    )
    year = row.get("_suffix_year")
    if None not in (year, own, reported) and own < year == reported:
        return own
    year = year or own
    if year is None:
        day = read_date(row.get("CensusDate")) or read_date(row.get("StartDate"))
        year = None if day is None else school_year_of(day)
    return year


def is_late(row: Row) -> bool:
    """Whether an exclusion was reported in a later school year than its own."""
    year, reported = year_of(row), read_academic_year(row.get("ReportingAcademicYear"))
    return None not in (year, reported) and reported > year


def layout(row: Row) -> str:
    """Which table a row is of: an exclusion, or the year of a pupil, at one school or at all."""
    names = ["TotalFixedExclusions", "TotalFixedSessions", "PermanentExclusionIndicator"]
    names += ["PermanentExclusionCount", *(f"Category_{n}" for n in range(1, N_SLOTS + 1))]
    if not any(clean(row.get(name)) for name in names):
        return "table 1"
    return "table 3" if clean_code(row.get("LAEstab")) is None else "table 2"


def exclusions(rows: list[Row]) -> dict[str, list[Result]]:
    """The exclusions of each pupil that count.

    Where a year was delivered in several tables, the one with most detail counts. Reports that came
    a year late or more choose among themselves, and count unless the other table has them too.
    """
    found = {}
    for pupil, own in pupil_rows(rows).items():
        shown = [
            one for row in own for one in _of_row(row) if one["group"] and one["year"] is not None
        ]
        chosen = [
            one
            for one in shown
            if one["layout"]
            == min(
                other["layout"]
                for other in shown
                if (other["year"], other["is_late"]) == (one["year"], one["is_late"])
            )
        ]
        in_time = [one for one in chosen if not one["is_late"]]
        found[pupil] = _different(
            {item: value for item, value in one.items() if item != "is_late"}
            for one in chosen
            if not (one["is_late"] and any(_is_same(one, other) for other in in_time))
        )
    return found


def _is_same(late: Result, other: Result) -> bool:
    """Whether another table holds a late report: nothing known of the two is different."""
    if late["layout"] == other["layout"]:
        return False
    if (late["year"], late["group"]) != (other["year"], other["group"]):
        return False
    for item in ("start", "sessions"):
        if None not in (late[item], other[item]):
            return late[item] == other[item]
    return True


def _different(shown: Iterable[Result]) -> list[Result]:
    """Exclusions of which everything is alike, their place in the row included, count once."""
    found: list[Result] = []
    for one in shown:
        if one not in found:
            found.append(one)
    return found


def _of_row(row: Row) -> list[Result]:
    if layout(row) != "table 1":
        slots = [
            ({name: row.get(f"{name}_{n}") for name in SLOT_COLUMNS}, n)
            for n in range(1, N_SLOTS + 1)
        ]
    elif read_flag(row.get("Perm_Duplicate")):
        slots = []
    else:
        category = clean_code(row.get("Category")) or clean_code(row.get("PermanentExclusionInd"))
        slots = [({**row, "Category": category}, 0)]
    return [
        {
            "layout": layout(row),
            "year": year_of(row),
            "is_late": is_late(row),
            "slot": number,
            "category": (category := _listed(clean_code(cells.get("Category")))),
            "group": category_groups().get(category),
            "start": read_date(cells.get("StartDate")),
            "sessions": read_whole_number(cells.get("Sessions")),
            "reasons": tuple(
                next((code for name in names if (code := clean_code(cells.get(name)))), None)
                for names in REASONS
            ),
            "term": clean_code(cells.get("Term")),
            "school": clean_code(row.get("LAEstab")),
            "year_group": read_year_group(cells.get("NCYear")),
        }
        for cells, number in slots
    ]


def _listed(category: str | None) -> str | None:
    """A category as the list has it: the first files have their own letters."""
    if category is not None and category.startswith("P"):
        return "PERM"
    return "FIXD" if category == "F" else category


def exclusion_years(rows: list[Row]) -> dict[str, dict[int, Result]]:
    """For each pupil and school year the number of suspensions, their sessions, and the rest.

    The totals that were delivered are the answer: they also hold what found no place in 40 groups.
    """
    by_pupil = exclusions(rows)
    found: dict[str, dict[int, Result]] = {}
    for pupil, own in pupil_rows(rows).items():
        wide = [row for row in own if layout(row) != "table 1"]
        years = {one["year"] for one in by_pupil[pupil]} | {year_of(row) for row in wide}
        found[pupil] = {
            year: _year(
                year,
                [row for row in wide if year_of(row) == year],
                [one for one in by_pupil[pupil] if one["year"] == year],
            )
            for year in years - {None}
        }
    return found


def _year(year: int, wide: list[Row], shown: list[Result]) -> Result:
    """What the rows show. A kind of which they show nothing may have been somewhere else."""
    fixed = [one for one in shown if one["group"] == FIXED]
    permanent = [one for one in shown if one["group"] == PERMANENT]
    # Without the sessions of one of them, the sessions of all of them are not known.
    sessions = [one["sessions"] for one in fixed]
    n_from_rows = len(fixed) or None
    n_suspensions = _total(wide, ("TotalFixedExclusions",))
    sessions_from_rows = None
    if fixed and None not in sessions:
        sessions_from_rows = sum(sessions)
    elif not fixed and n_suspensions == 0:
        sessions_from_rows = 0
    sessions_delivered = _total(wide, ("TotalFixedSessions",))
    n_permanent = len(permanent) or _total(
        wide, ("PermanentExclusionCount", "PermanentExclusionIndicator")
    )
    # A number that cannot be read is unknown, not 0.
    is_total_unreadable = (
        n_suspensions is None and not fixed and _is_unreadable(wide, "TotalFixedExclusions")
    )
    is_permanent_unreadable = n_permanent is None and any(
        _is_unreadable(wide, column)
        for column in ("PermanentExclusionCount", "PermanentExclusionIndicator")
    )
    starts: list[date] = [one["start"] for one in permanent if one["start"] is not None]
    groups = [one["year_group"] for one in shown if one["year_group"] is not None]
    is_known = year >= FIRST_YEAR_OF_SUSPENSIONS and not is_total_unreadable
    return {
        "year_group": max(groups, default=None),
        "n_suspensions": _first(n_suspensions, n_from_rows) if is_known else None,
        "sessions": _first(sessions_delivered, sessions_from_rows) if is_known else None,
        "n_permanent": n_permanent,
        "is_total_unreadable": is_total_unreadable,
        "is_permanent_unreadable": is_permanent_unreadable,
        "first_permanent": min(starts, default=None),
    }


def _first(*numbers: int | None) -> int | None:
    """The first number that is known."""
    return next((number for number in numbers if number is not None), None)


def _total(wide: list[Row], columns: tuple[str, ...]) -> int | None:
    """What the rows of a pupil's year say: one row for all schools, or one for each to add up.

    A row delivered twice counts once, and of two rows that differ the larger number counts.
    """
    by_school: dict[str | None, int] = {}
    for row in wide:
        school = clean_code(row.get("LAEstab"))
        number = _first(*(_number(row, column) for column in columns))
        if number is not None:
            by_school[school] = max(number, by_school.get(school, 0))
    if None in by_school:
        return by_school[None]
    return sum(by_school.values()) if by_school else None


def _is_unreadable(wide: list[Row], column: str) -> bool:
    return any(clean(row.get(column)) is not None and _number(row, column) is None for row in wide)


def _number(row: Row, column: str) -> int | None:
    if column == "PermanentExclusionIndicator":
        flag = read_flag(row.get(column))
        return None if flag is None else int(flag)
    number = read_whole_number(row.get(column))
    return number if number in range(MOST[column] + 1) else None
