"""Results at the end of key stage 4."""

from __future__ import annotations

from reference.cells import Result, Row, academic_year_label, read_flag, read_whole_number
from reference.school_years import pupil_rows, read_decimal, read_year_group, school_year

# Regime, its last year, and the columns of its two measures.
REGIMES = (
    ("A", 2013, "KS4_LEVEL2_EM", "KS4_PTSCNEWE"),
    ("B", 2014, "KS4_LEVEL2_EM_PTQ", "KS4_PTSCNEWE_PTQ"),
    ("C", 2016, "KS4_LEVEL2_EM_94", "KS4_PTSCNEWE_PTQ_EE"),
    ("D", 9999, "KS4_LEVEL2_EM_94", "KS4_ATT8"),
)
FIRST_YEAR_OF_MEASURES = 2004
DUPLICATE = 2


def regime(year: int) -> tuple[str, int, str, str]:
    """How results were counted in a year."""
    return next(one for one in REGIMES if year <= one[1])


def is_end_of_ks4(row: Row) -> bool:
    """Whether a row shows its pupil at the end of key stage 4."""
    if school_year(row, "KS4_ACADYR") is None:
        return False
    # Not known before 2006/2007: then the pupils of year 11 are at the end.
    is_end = read_flag(row.get("KS4_ENDKS"))
    if is_end is not None:
        return is_end
    group = read_year_group(row.get("KS4_ACTYRGRP"))
    if group is None:
        group = read_year_group(row.get("KS4_YEARGRP"))
    return group == 11


def points(row: Row) -> float | None:
    """Capped points, and Attainment 8 from 2016/2017 on, unless nobody can have that many."""
    year = school_year(row, "KS4_ACADYR")
    if year < FIRST_YEAR_OF_MEASURES:
        return None
    column = regime(year)[3]
    number = read_decimal(row.get(column))
    most = 100 if column == "KS4_ATT8" else 1000
    return number if number is not None and 0 <= number <= most else None


def level_2(row: Row) -> bool | None:
    """Level 2 with English and maths, by the measure of the row's year and by no other."""
    year = school_year(row, "KS4_ACADYR")
    return None if year < FIRST_YEAR_OF_MEASURES else read_flag(row.get(regime(year)[2]))


def end_rows(ks4: list[Row]) -> dict[str, Row]:
    """The row of each pupil who was at the end of key stage 4: one, of however many."""
    return {
        pupil: max(ends, key=_preference)
        for pupil, rows in pupil_rows(ks4, "KS4_PupilMatchingRefAnonymous").items()
        if (ends := [row for row in rows if is_end_of_ks4(row)])
    }


def results(ks4: list[Row]) -> dict[str, Result]:
    """Items 1 to 3 of each pupil who was at the end of key stage 4."""
    chosen = end_rows(ks4)
    of_year: dict[int, list[float]] = {}
    for row in chosen.values():
        if points(row) is not None:
            of_year.setdefault(school_year(row, "KS4_ACADYR"), []).append(points(row))
    return {pupil: _result(row, of_year) for pupil, row in chosen.items()}


def _preference(row: Row) -> tuple:
    """Larger for the row to take: counted nationally, then later, no duplicate, more points."""
    return (
        read_flag(row.get("KS4_NATRES")) is True,
        school_year(row, "KS4_ACADYR"),
        read_whole_number(row.get("KS4_NORFLAGE")) != DUPLICATE,
        points(row) is not None,
        points(row) or 0,
        # The last step only makes the choice the same each time: a yes before a no before a blank.
        {True: 2, False: 1, None: 0}[level_2(row)],
    )


def _result(row: Row, of_year: dict[int, list[float]]) -> Result:
    year = school_year(row, "KS4_ACADYR")
    own = points(row)
    return {
        "ks4_academic_year": academic_year_label(year),
        "ks4_regime": regime(year)[0],
        "ks4_level_2_english_maths": level_2(row),
        "ks4_attainment_rank": None if own is None else percentile(own, of_year[year]),
    }


def percentile(own: float, everyone: list[float]) -> float:
    """The share with fewer points and half of those with as many, from 0 to 100."""
    fewer = sum(other < own for other in everyone)
    as_many = sum(other == own for other in everyone)
    return 100 * (fewer + as_many / 2) / len(everyone)
