"""Sessions of a pupil and school year, added over the schools at which the pupil was enrolled."""

from __future__ import annotations

from reference.cells import Result, Row, clean, read_flag, read_whole_number
from reference.school_years import pupil_rows, read_year_group, school_year, without_copies

# The sixth half-term is left out: it does not exist before 2012/2013, nor in year 11.
PARTS = ("Autumn", "Spring", "Summer", "Annual")
TOTALS = ("5HalfTerms", "3Term")
MOST_SESSIONS = 999


def read_sessions(text: str | None) -> int | None:
    """A number of sessions that a school year can have."""
    number = read_whole_number(text)
    return number if number in range(MOST_SESSIONS + 1) else None


def sessions(row: Row, kind: str) -> int | None:
    """Sessions of one enrolment; where no part of the year is filled, the total that is."""
    parts = [read_sessions(row.get(f"{kind}_{part}")) for part in PARTS]
    known = [number for number in parts if number is not None]
    if known:
        return sum(known)
    totals = [read_sessions(row.get(f"{kind}_{total}")) for total in TOTALS]
    return next((number for number in totals if number is not None), None)


def has_gap(row: Row, kind: str) -> bool:
    """Whether a part with possible sessions is blank, while another part of the kind is filled."""
    parts = [
        (
            read_sessions(row.get(f"SessionsPossible_{part}")),
            read_sessions(row.get(f"{kind}_{part}")),
        )
        for part in PARTS
    ]
    has_parts = any(one is not None for _, one in parts)
    return has_parts and any(n_possible and one is None for n_possible, one in parts)


def is_incomplete(row: Row, part: str) -> bool:
    """Whether a part cannot be read, or has sessions missed of nobody knows how many."""
    texts = [row.get(f"{kind}_{part}") for kind in ("SessionsPossible", "UnauthorisedAbsence")]
    possible, missed = map(read_sessions, texts)
    is_unreadable = any(clean(text) is not None and read_sessions(text) is None for text in texts)
    return is_unreadable or (possible is None and bool(missed))


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
    possible. A term whose sessions missed are blank is not a term without absence, and one that
    cannot be read is not left out of the sum.
    """
    possible, missed = sessions(row, "SessionsPossible"), sessions(row, "UnauthorisedAbsence")
    is_whole = not has_gap(row, "UnauthorisedAbsence") and not any(
        is_incomplete(row, part) for part in PARTS
    )
    return bool(possible) and missed is not None and missed <= possible and is_whole


def _year(rows: list[Row]) -> Result:
    groups = [
        (read_flag(row.get("MainRecord")) is True, group)
        for row in rows
        if (group := read_year_group(row.get("NCyearActual"))) is not None
    ]
    known = [row for row in rows if is_known(row)]
    authorised = [
        None if has_gap(row, "AuthorisedAbsence") else sessions(row, "AuthorisedAbsence")
        for row in known
    ]
    return {
        # That of the main record, where it has one.
        "year_group": max(groups, default=(None, None))[1],
        "authorised": sum(authorised) if authorised and None not in authorised else None,
        "possible": sum(sessions(row, "SessionsPossible") for row in known) if known else None,
        "unauthorised": (
            sum(sessions(row, "UnauthorisedAbsence") for row in known) if known else None
        ),
    }
