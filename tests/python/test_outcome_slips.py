"""Mistakes that others made with these data, each with the pupil whose outcome it would change.

One hand-written delivery, one build, from the files to the marts. Every pupil was born in March
2000 and went through years 7 to 11 from 2011/2012 to 2015/2016, unless the test says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from commands import run_script
from conftest import Share
from outcome_extracts import write
from slip_cases import YEARS, delivery

Outcome = Callable[..., dict[str, object]]


@pytest.fixture(scope="module")
def warehouse(share: Share):
    """The warehouse of the delivery."""

    def build(folder: Path) -> None:
        write(delivery(), folder / "extracts")
        done = run_script("build", folder / "extracts", "--database", folder / "warehouse.duckdb")
        assert done.returncode == 0, done.stdout + done.stderr

    path = share("outcome_slips", build) / "warehouse.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def outcome(warehouse: duckdb.DuckDBPyConnection) -> Outcome:
    """Gives outcome(pupil): the row of person_outcome."""
    shown = warehouse.sql("from marts.person_outcome")
    rows = {
        row["pupil_id"]: row
        for row in (dict(zip(shown.columns, row, strict=True)) for row in shown.fetchall())
    }

    def of_pupil(pupil: str, *items: str) -> dict[str, object]:
        return {item: rows[pupil][item] for item in items} if items else rows[pupil]

    return of_pupil


# Absence ----------------------------------------------------------------------------------------


def test_annual_returns_of_special_schools_count(outcome: Outcome) -> None:
    shown = outcome("SPECIAL", "sessions_possible_secondary", "unauthorised_sessions_secondary")
    assert list(shown.values()) == [5 * 360, 5 * 20]


def test_the_fifth_half_term_counts_in_year_11_and_the_sixth_does_not(outcome: Outcome) -> None:
    shown = outcome("SUMMER", "sessions_possible_secondary", "unauthorised_sessions_secondary")
    assert list(shown.values()) == [320, 7]


def test_every_registration_counts(outcome: Outcome) -> None:
    shown = outcome("DUAL", "sessions_possible_secondary", "unauthorised_sessions_secondary")
    assert list(shown.values()) == [360, 35]


def test_a_return_of_zero_is_unknown_absence(outcome: Outcome) -> None:
    shown = outcome("ZERO_RETURN", "unauthorised_sessions_secondary", "n_secondary_years_observed")
    assert list(shown.values()) == [None, 0]


def test_no_return_is_unknown_absence(outcome: Outcome) -> None:
    shown = outcome("NO_RETURN", "unauthorised_sessions_secondary", "sessions_possible_secondary")
    assert list(shown.values()) == [None, None]


def test_a_term_that_cannot_be_read_leaves_the_year_unknown(outcome: Outcome) -> None:
    shown = outcome("UNREADABLE_TERM", "n_secondary_years_observed", "sessions_possible_secondary")
    assert list(shown.values()) == [0, None]


def test_sessions_excluded_are_no_unauthorised_absence(outcome: Outcome) -> None:
    assert outcome("SUSPENDED_FROM_SCHOOL")["unauthorised_sessions_secondary"] == 3


# Exclusions -------------------------------------------------------------------------------------


def test_the_sessions_of_a_year_count_once_and_not_once_per_exclusion(outcome: Outcome) -> None:
    shown = outcome(
        "SUSPENDED_FROM_SCHOOL", "n_suspensions_secondary", "suspension_sessions_secondary"
    )
    assert list(shown.values()) == [3, 12]


def test_a_lunchtime_is_no_suspension(outcome: Outcome) -> None:
    shown = outcome("LUNCHTIME", "n_suspensions_secondary", "suspension_sessions_secondary")
    assert list(shown.values()) == [1, 2]


def test_a_duplicate_is_no_second_permanent_exclusion(outcome: Outcome) -> None:
    shown = outcome(
        "EXCLUDED_TWICE", "is_permanently_excluded", "n_permanent_exclusions",
        "first_permanent_exclusion_date",
    )  # fmt: skip
    assert list(shown.values()) == [True, 1, date(2013, 2, 4)]


def test_an_exclusion_counts_in_the_year_in_which_it_began(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    years = warehouse.sql(
        "select academic_year from marts.exclusion where pupil_id = 'REPORTED_LATE'"
    ).fetchall()
    assert years == [("2012/2013",)]


def test_no_exclusion_is_zero_only_with_a_census(outcome: Outcome) -> None:
    items = ("n_suspensions_secondary", "suspension_sessions_secondary", "n_permanent_exclusions")
    assert list(outcome("QUIET", *items).values()) == [0, 0, 0]
    assert list(outcome("NO_CENSUS", *items).values()) == [None, None, None]
    assert outcome("QUIET")["is_permanently_excluded"] is False
    assert outcome("NO_CENSUS")["is_permanently_excluded"] is None


def test_totals_that_cannot_be_read_are_no_zeros(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    shown = warehouse.execute(
        "select n_suspensions, n_permanent_exclusions from marts.person_school_year"
        " where pupil_id = 'UNREADABLE_TOTALS' and academic_year_end = ?",
        [YEARS[11]],
    ).fetchall()
    assert shown == [(None, None)]


def test_faults_of_a_column_are_one_warning(warehouse: duckdb.DuckDBPyConnection) -> None:
    shown = warehouse.execute(
        "select message from quality.warning where message like 'exclusion.start_date: %unread%'"
    ).fetchall()
    assert shown == [("exclusion.start_date: 2 values unreadable, treated as unknown.",)]


# Key stage 4 ------------------------------------------------------------------------------------


def test_results_are_those_of_the_end_of_key_stage_4(outcome: Outcome) -> None:
    shown = outcome("EARLY_TAKER", "ks4_academic_year", "ks4_level_2_english_maths")
    assert list(shown.values()) == ["2015/2016", False]


def test_a_measure_of_another_regime_is_no_measure(outcome: Outcome) -> None:
    shown = outcome("OTHER_REGIME", "ks4_regime", "ks4_level_2_english_maths")
    assert list(shown.values()) == ["B", None]


def test_no_results_are_no_failure(outcome: Outcome) -> None:
    shown = outcome(
        "NO_RESULTS", "ks4_academic_year", "ks4_level_2_english_maths", "ks4_attainment_rank"
    )
    assert list(shown.values()) == [None, None, None]
    assert outcome("QUIET")["ks4_level_2_english_maths"] is False


def test_points_that_nobody_can_have_give_no_rank(outcome: Outcome) -> None:
    assert outcome("IMPOSSIBLE_POINTS", "ks4_attainment_rank") == {"ks4_attainment_rank": None}


# Offences ---------------------------------------------------------------------------------------


def test_an_offence_of_lower_rank_alone_counts(outcome: Outcome) -> None:
    assert outcome("LOWER_RANK")["n_convictions"] == 1


def test_every_disposal_of_an_offence_counts_for_severity(outcome: Outcome) -> None:
    shown = outcome("SEVERAL_DISPOSALS", "n_convictions", "highest_disposal")
    assert list(shown.values()) == [1, "custodial"]


def test_several_offences_of_a_case_are_one_conviction(outcome: Outcome) -> None:
    shown = outcome("SEVERAL_OFFENCES", "n_convictions", "first_offence_date")
    assert list(shown.values()) == [1, date(2014, 4, 1)]


def test_a_row_without_an_identifier_stays_in_its_case(outcome: Outcome) -> None:
    assert outcome("CASE_IN_TWO_FORMS", "n_convictions") == {"n_convictions": 1}


def test_the_first_offence_is_neither_the_latest_nor_the_most_serious(outcome: Outcome) -> None:
    shown = outcome(
        "FIRST_AND_LATEST", "first_offence_date", "first_offence_age", "convictions_band"
    )
    assert list(shown.values()) == [date(2013, 5, 1), 13, "two or more"]


def test_a_suspended_sentence_is_no_custody(outcome: Outcome) -> None:
    assert outcome("SUSPENDED_SENTENCE")["highest_disposal"] == "non-custodial"


def test_a_caution_is_no_conviction(outcome: Outcome) -> None:
    shown = outcome(
        "CAUTIONED", "n_cautions", "n_convictions", "convictions_band", "highest_disposal"
    )
    assert list(shown.values()) == [1, 0, "none", "caution"]


def test_an_acquittal_is_nothing(outcome: Outcome) -> None:
    shown = outcome("ACQUITTED", "n_cautions", "n_convictions", "first_offence_date")
    assert list(shown.values()) == [0, 0, None]


def test_the_age_is_that_at_the_offence_and_not_at_the_sentence(outcome: Outcome) -> None:
    assert outcome("SENTENCED_AT_18")["n_convictions"] == 1
    assert outcome("ADULT")["n_convictions"] == 0


def test_criminal_responsibility_begins_at_10(outcome: Outcome) -> None:
    assert outcome("AGED_10", "n_cautions", "first_offence_age") == {
        "n_cautions": 1,
        "first_offence_age": 10,
    }
    assert outcome("AGED_9", "n_cautions", "first_offence_age") == {
        "n_cautions": 0,
        "first_offence_age": None,
    }


def test_an_offence_without_a_pupil_reference_is_linked_by_moj_uid(outcome: Outcome) -> None:
    assert outcome("LINKED_BY_MOJ_UID")["n_convictions"] == 1


# What came first --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pupil", "order", "days"),
    [
        ("REMANDED", "justice only", None),
        ("CARE_FIRST", "social care first by a year or more", 761),
        ("NEED_SHORTLY_BEFORE", "social care first by less than a year", 273),
        ("NEED_WITHOUT_DATE", "same day or not determined", None),
        ("LOWER_RANK", "justice only", None),
        ("CARE_LONG_AGO", "social care only", None),
        ("QUIET", "neither", None),
    ],
)
def test_what_came_first(outcome: Outcome, pupil: str, order: str, days: int | None) -> None:
    shown = outcome(pupil, "contact_order", "days_social_care_to_offence")
    assert list(shown.values()) == [order, days]
