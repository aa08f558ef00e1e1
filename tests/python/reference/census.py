"""What the censuses show of a pupil in a school year."""

from __future__ import annotations

from reference.cells import Row, clean_code, read_flag, read_whole_number
from reference.school_years import pupil_rows, read_decimal, school_year


def census_years(census: list[Row]) -> dict[str, dict[int, Row]]:
    """For each pupil and school year the row that counts."""
    found: dict[str, dict[int, Row]] = {}
    for pupil, rows in pupil_rows(census).items():
        by_year: dict[int, list[Row]] = {}
        for row in rows:
            year = school_year(row, "AcademicYear")
            if year is not None:
                by_year.setdefault(year, []).append(row)
        found[pupil] = {year: min(own, key=_preference) for year, own in by_year.items()}
    return found


def _preference(row: Row) -> tuple:
    """Smaller for the row to take: a main record, on roll, at the school that leads."""
    status = read_whole_number(row.get("RecordStatus"))
    is_duplicate = status is not None and status > 100
    enrolment = clean_code(row.get("EnrolStatus"))
    return (is_duplicate, read_flag(row.get("OnRoll")) is False, enrolment not in ("C", "M"))


def free_meals(row: Row) -> list[bool | None]:
    """What each column of free meals says: now, twice for the last six years, and ever."""
    columns = ("FSMeligible", "EVERFSM_6", "EVERFSM_6_P", "EVERFSM_ALL")
    return [read_flag(row.get(column)) for column in columns]


def shown_free_meals(census: list[Row]) -> set[tuple[str, int]]:
    """The pupils and school years of which any row shows free meals."""
    return {
        (pupil, year)
        for pupil, rows in pupil_rows(census).items()
        for row in rows
        if (year := school_year(row, "AcademicYear")) is not None and True in free_meals(row)
    }


def deprivation_deciles(censuses: dict[str, dict[int, Row]]) -> dict[str, dict[int, int]]:
    """The decile of each pupil's home in each census, 1 the most deprived.

    As delivered; otherwise from the rank of the home among all pupils of the year, otherwise from
    its score. Homes alike in rank or score are in one decile: that of the middle one of them.
    """
    ranks: dict[int, list[float]] = {}
    scores: dict[int, list[float]] = {}
    for own in censuses.values():
        for year, row in own.items():
            if (rank := _rank(row)) is not None:
                ranks.setdefault(year, []).append(rank)
            if (score := _score(row)) is not None:
                scores.setdefault(year, []).append(score)
    found: dict[str, dict[int, int]] = {}
    for pupil, own in censuses.items():
        for year, row in own.items():
            decile = read_whole_number(row.get("IDACIdecile"))
            if decile not in range(1, 11):
                decile = _decile(_rank(row), ranks.get(year, []))
            if decile is None:
                decile = _decile(_score(row), scores.get(year, []))
            if decile is not None:
                found.setdefault(pupil, {})[year] = decile
    return found


def _rank(row: Row) -> int | None:
    rank = read_whole_number(row.get("IDACIRank"))
    return rank if rank is not None and rank >= 1 else None


def _score(row: Row) -> float | None:
    """The score, turned round so that the most deprived come first, as with ranks."""
    score = read_decimal(row.get("IDACIScore"))
    return None if score is None else -score


def _decile(own: float | None, everyone: list[float]) -> int | None:
    if own is None:
        return None
    before = sum(other < own for other in everyone)
    alike = sum(other == own for other in everyone)
    return 1 + int(10 * (before + alike / 2) / len(everyone))
