"""Sessions of a pupil and school year, added over the schools at which the pupil was enrolled."""

from __future__ import annotations

from reference.cells import Result, Row, read_flag, read_whole_number
from reference.school_years import pupil_rows, read_year_group, school_year, without_copies

# The sixth half-term is left out: it does not exist before 2012/2013, nor in year 11.
PARTS = ("Autumn", "Spring", "Summer", "Annual")
TOTALS = ("5HalfTerms", "3Term")


def sessions(row: Row, kind: str) -> int | None:
    """Sessions of one enrolment; where no part of the year is filled, the total that is."""
    parts = [read_whole_number(row.get(f"{kind}_{part}")) for part in PARTS]
    known = [number for number in parts if number is not None]
    if known:
        return sum(known)
    totals = [read_whole_number(row.get(f"{kind}_{total}")) for total in TOTALS]
    return next((number for number in totals if number is not None), None)


def absence_years(absence: list[Row]) -> dict[str, dict[int, Result]]:
    """For each pupil and school year: year group, sessions possible, and missed."""
    found: dict[str, dict[int, Result]] = {}
    for pupil, rows in pupil_rows(absence).items():
        by_year: dict[int, list[Row]] = {}
        for row in rows:
            year = school_year(row, "AcademicYear")
            if year is not None:
                by_year.setdefault(year, []).append(row)
        found[pupil] = {year: _year(without_copies(own)) for year, own in by_year.items()}
    return found


def is_known(row: Row) -> bool:
    """Whether the return of an enrolment shows how many of how many sessions were missed.

    A return that was not credible has zeros written into it. Nobody misses more sessions than were
    possible. A term whose sessions missed are blank is no term without absence.
    """
    possible, missed = sessions(row, "SessionsPossible"), sessions(row, "UnauthorisedAbsence")
    parts = [
        (
            read_whole_number(row.get(f"SessionsPossible_{part}")),
            read_whole_number(row.get(f"UnauthorisedAbsence_{part}")),
        )
        for part in PARTS
    ]
    has_parts = any(one is not None for _, one in parts)
    has_gap = has_parts and any(n_possible and one is None for n_possible, one in parts)
    return bool(possible) and missed is not None and missed <= possible and not has_gap


def _year(rows: list[Row]) -> Result:
    groups = [
        (read_flag(row.get("MainRecord")) is True, group)
        for row in rows
        if (group := read_year_group(row.get("NCyearActual"))) is not None
    ]
    known = [row for row in rows if is_known(row)]
    authorised = [
        number for row in known if (number := sessions(row, "AuthorisedAbsence")) is not None
    ]
    return {
        # That of the main record, where it has one.
        "year_group": max(groups, default=(None, None))[1],
        "authorised": sum(authorised) if authorised else None,
        "possible": sum(sessions(row, "SessionsPossible") for row in known) if known else None,
        "unauthorised": (
            sum(sessions(row, "UnauthorisedAbsence") for row in known) if known else None
        ),
    }
