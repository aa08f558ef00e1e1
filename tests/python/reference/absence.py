"""Sessions of a pupil and school year, added over the schools at which the pupil was enrolled."""

from __future__ import annotations

from reference.cells import Result, Row, read_whole_number
from reference.school_years import pupil_rows, read_year_group, school_year, without_copies

# The sixth half-term is left out: it does not exist before 2012/2013, nor in year 11.
PARTS = ("Autumn", "Spring", "Summer", "Annual")
TOTALS = ("3Term", "5HalfTerms")


def sessions(row: Row, kind: str) -> int | None:
    """Sessions of one enrolment; where no part of the year is filled, the total that is."""
    parts = [read_whole_number(row.get(f"{kind}_{part}")) for part in PARTS]
    known = [number for number in parts if number is not None]
    if known:
        return sum(known)
    totals = [read_whole_number(row.get(f"{kind}_{total}")) for total in TOTALS]
    return next((number for number in totals if number is not None), None)


def absence_years(absence: list[Row]) -> dict[str, dict[int, Result]]:
    """For each pupil and school year: year group, sessions possible, and missed without leave."""
    found: dict[str, dict[int, Result]] = {}
    for pupil, rows in pupil_rows(absence).items():
        by_year: dict[int, list[Row]] = {}
        for row in rows:
            year = school_year(row, "AcademicYear")
            if year is not None:
                by_year.setdefault(year, []).append(row)
        found[pupil] = {year: _year(without_copies(own)) for year, own in by_year.items()}
    return found


def _year(rows: list[Row]) -> Result:
    possible = [sessions(row, "SessionsPossible") for row in rows]
    missed = [
        sessions(row, "UnauthorisedAbsence")
        for row, n_possible in zip(rows, possible, strict=True)
        # A return that was not credible has zeros written into it.
        if n_possible
    ]
    groups = [group for row in rows if (group := read_year_group(row.get("NCyearActual")))]
    known = [number for number in missed if number is not None]
    return {
        "year_group": max(groups, default=None),
        "possible": sum(number for number in possible if number is not None)
        if any(number is not None for number in possible)
        else None,
        "unauthorised": sum(known) if known else None,
    }
