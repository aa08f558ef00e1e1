"""What the censuses show of a pupil in a school year."""

from __future__ import annotations

from reference.cells import Row, clean_code, read_flag, read_whole_number
from reference.school_years import pupil_rows, school_year

N_MAIN_RECORDS = 20


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
