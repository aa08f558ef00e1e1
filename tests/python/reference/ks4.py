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
FIRST_YEAR_OF_ENDKS = 2007
DUPLICATE = 2


def regime(year: int) -> tuple[str, int, str, str]:
    """How results were counted in a year."""
    return next(one for one in REGIMES if year <= one[1])


def is_end_of_ks4(row: Row) -> bool:
    """Whether a row shows its pupil at the end of key stage 4."""
    year = school_year(row, "KS4_ACADYR")
    if year is None:
        return False
    if year >= FIRST_YEAR_OF_ENDKS:
        return read_flag(row.get("KS4_ENDKS")) is True
    group = read_year_group(row.get("KS4_ACTYRGRP"))
    if group is None:
        group = read_year_group(row.get("KS4_YEARGRP"))
    return group == 11


def points(row: Row) -> float | None:
    """Capped points, and Attainment 8 from 2016/2017 on."""
    year = school_year(row, "KS4_ACADYR")
    return None if year < FIRST_YEAR_OF_MEASURES else read_decimal(row.get(regime(year)[3]))


def results(ks4: list[Row]) -> dict[str, Result]:
    """Items 1 to 3 of each pupil who was at the end of key stage 4."""
    chosen = {
        pupil: max(ends, key=_preference)
        for pupil, rows in pupil_rows(ks4, "KS4_PupilMatchingRefAnonymous").items()
        if (ends := [row for row in rows if is_end_of_ks4(row)])
    }
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
    )


def _result(row: Row, of_year: dict[int, list[float]]) -> Result:
    year = school_year(row, "KS4_ACADYR")
    name, _, level_2, _ = regime(year)
    own = points(row)
    return {
        "ks4_academic_year": academic_year_label(year),
        "ks4_regime": name,
        "ks4_level_2_english_maths": (
            None if year < FIRST_YEAR_OF_MEASURES else read_flag(row.get(level_2))
        ),
        "ks4_attainment_rank": None if own is None else percentile(own, of_year[year]),
    }


def percentile(own: float, everyone: list[float]) -> float | None:
    """The share of the others who have fewer points, from 0 to 100."""
    if len(everyone) == 1:
        return 0.0
    return 100 * sum(other < own for other in everyone) / (len(everyone) - 1)
