"""When a pupil was born."""

from __future__ import annotations

from collections import Counter

from reference.cells import Row, read_identifier, read_processing_year, read_whole_number

# Other years of birth are the zero years of programs, or slips.
FIRST_BIRTH, LAST_BIRTH = 1971, 2049


def birth(pupil: object, population: list[Row]) -> tuple[int, int | None] | None:
    """Year and month of birth of most rows: whole ones first, then the later."""
    births: Counter[tuple[int, int | None]] = Counter()
    for row in population:
        year = read_processing_year(row["YearOfBirth"])
        month = read_whole_number(row["MonthOfBirth"])
        if year is None or not FIRST_BIRTH <= year <= LAST_BIRTH:
            continue
        if read_identifier(row["PupilMatchingRefAnonymous"]) == pupil:
            births[year, month if month is not None and 1 <= month <= 12 else None] += 1
    return max(births, key=lambda b: (b[1] is not None, births[b], b[0], b[1] or 0), default=None)
