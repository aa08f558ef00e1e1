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
from outcome_extracts import (
    SECONDARY,
    Extracts,
    Row,
    absence,
    annual_absence,
    care,
    caution,
    census,
    exclusion,
    exclusion_year,
    ks4,
    offence,
    population,
    referral,
    write,
)

BORN = (2000, 3)
YEARS = {group: 2005 + group for group in SECONDARY}

Outcome = Callable[..., dict[str, object]]


def schooling(pupil: str, **rows: list[Row]) -> Extracts:
    """An ordinary pupil in every file of schools; `rows` replace or add to those of a dataset."""
    return {
        "population": [population(pupil, BORN)],
        "census": [census(pupil, YEARS[group], group) for group in SECONDARY],
        "absence": [absence(pupil, YEARS[group], group) for group in SECONDARY],
        "ks4": [ks4(pupil, 2016)],
    } | rows


def year_11(pupil: str, **more: str) -> list[Row]:
    """One return alone, in year 11."""
    return [absence(pupil, YEARS[11], 11, **more)]


PUPILS: dict[str, Extracts] = {
    # Somebody in every file of every year, so that each year counts as delivered.
    "EVERY_YEAR": schooling(
        "EVERY_YEAR",
        exclusion=[
            exclusion("EVERY_YEAR", year, ("FIXD", f"{year - 1}-10-05", 1, group))
            if year == 2013
            else exclusion_year("EVERY_YEAR", year, [("FIXD", f"{year - 1}-10-05", 1, group)], 1, 1)
            for group, year in YEARS.items()
        ],
        # As an adult: the record reaches from 2001 to 2019.
        offence=[
            offence("OLD", "K1", "2001-02-01", "1015"),
            offence("EVERY_YEAR", "K2", "2019-06-30", "1015"),
        ],
    ),
    "QUIET": schooling("QUIET"),
    "SPECIAL": schooling(
        "SPECIAL",
        absence=[annual_absence("SPECIAL", YEARS[group], group, 360, 20) for group in SECONDARY],
    ),
    "SUMMER": schooling(
        "SUMMER",
        absence=year_11(
            "SUMMER",
            UnauthorisedAbsence_Summer="7",
            SessionsPossible_Summer6th="50",
            AuthorisedAbsence_Summer6th="0",
            UnauthorisedAbsence_Summer6th="40",
        ),
    ),
    # Half the sessions at each of two schools, and a few as the guest of a third.
    "DUAL": schooling(
        "DUAL",
        absence=[
            absence(
                "DUAL",
                YEARS[11],
                11,
                EnrolStatus=status,
                MainRecord=main,
                LAEstab=school,
                SessionsPossible_Autumn=possible,
                SessionsPossible_Spring="60",
                SessionsPossible_Summer="0",
                UnauthorisedAbsence_Autumn=missed,
            )
            for status, main, school, possible, missed in (
                ("M", "1", "2014001", "80", "10"),
                ("S", "0", "2014002", "60", "20"),
                ("G", "0", "2014003", "40", "5"),
            )
        ],
    ),
    "ZERO_RETURN": schooling(
        "ZERO_RETURN",
        absence=[
            absence(
                "ZERO_RETURN",
                YEARS[group],
                group,
                SessionsPossible_Autumn="0",
                SessionsPossible_Spring="0",
                SessionsPossible_Summer="0",
            )
            for group in SECONDARY
        ],
    ),
    "NO_RETURN": schooling("NO_RETURN", absence=[]),
    # A term that cannot be read, and one with sessions missed of an unknown number.
    "UNREADABLE_TERM": schooling(
        "UNREADABLE_TERM",
        absence=[
            absence("UNREADABLE_TERM", YEARS[10], 10, SessionsPossible_Autumn="1,40"),
            absence(
                "UNREADABLE_TERM",
                YEARS[11],
                11,
                SessionsPossible_Autumn="nan",
                UnauthorisedAbsence_Autumn="30",
            ),
        ],
    ),
    "UNREADABLE_TOTALS": schooling(
        "UNREADABLE_TOTALS",
        exclusion=[
            exclusion_year(
                "UNREADABLE_TOTALS",
                YEARS[11],
                [],
                0,
                0,
                TotalFixedExclusions="some",
                PermanentExclusionCount="TRUE",
            )
        ],
    ),
    # One date of each kind of fault in a column of good ones: together one warning.
    "UNREADABLE_STARTS": schooling(
        "UNREADABLE_STARTS",
        exclusion=[
            exclusion_year(
                "UNREADABLE_STARTS",
                YEARS[11],
                [("FIXD", "10/13/2015", 1, 11), ("FIXD", "42300", 1, 11)],
                2,
                2,
            )
        ],
    ),
    "IMPOSSIBLE_POINTS": schooling(
        "IMPOSSIBLE_POINTS", ks4=[ks4("IMPOSSIBLE_POINTS", 2016, KS4_PTSCNEWE_PTQ_EE="-9")]
    ),
    # The second offence of a case names no MoJ identifier, or a word for nothing.
    "CASE_IN_TWO_FORMS": schooling(
        "CASE_IN_TWO_FORMS",
        offence=[
            offence("CASE_IN_TWO_FORMS", "K9.0", "2015-06-01", "1015"),
            offence("CASE_IN_TWO_FORMS", "K9.0", "2015-06-02", "1015", OffenceID="2", MoJUID=""),
            offence("CASE_IN_TWO_FORMS", "K9.0", "2015-06-03", "1015", OffenceID="3", MoJUID="nan"),
        ],
    ),
    "SUSPENDED_FROM_SCHOOL": schooling(
        "SUSPENDED_FROM_SCHOOL",
        absence=year_11(
            "SUSPENDED_FROM_SCHOOL", AuthorisedAbsence_Autumn="8", UnauthorisedAbsence_Autumn="3"
        ),
        exclusion=[
            exclusion_year(
                "SUSPENDED_FROM_SCHOOL",
                2016,
                [
                    ("FIXD", "2015-10-05", 2, 11),
                    ("FIXD", "2015-11-09", 4, 11),
                    ("SUSP", "2016-02-01", 6, 11),
                ],
                3,
                12,
            )
        ],
    ),
    "LUNCHTIME": schooling(
        "LUNCHTIME",
        exclusion=[
            exclusion("LUNCHTIME", 2013, ("FIXD", "2012-10-05", 2, 8)),
            exclusion("LUNCHTIME", 2013, ("LNCH", "2012-11-05", 1, 8)),
            exclusion("LUNCHTIME", 2013, ("LNCH", "2012-11-12", 1, 8)),
        ],
    ),
    "EXCLUDED_TWICE": schooling(
        "EXCLUDED_TWICE",
        exclusion=[
            exclusion("EXCLUDED_TWICE", 2013, ("PERM", "2013-02-04", None, 8)),
            exclusion("EXCLUDED_TWICE", 2013, ("PERM", "2013-02-11", None, 8), Perm_Duplicate="1"),
        ],
    ),
    "REPORTED_LATE": schooling(
        "REPORTED_LATE",
        exclusion=[
            exclusion(
                "REPORTED_LATE",
                2013,
                ("FIXD", "2013-06-03", 5, 8),
                ReportingAcademicYear="2013/2014",
            )
        ],
    ),
    "NO_CENSUS": {"population": [population("NO_CENSUS", BORN)], "ks4": [ks4("NO_CENSUS", 2016)]},
    "NO_RESULTS": schooling("NO_RESULTS", ks4=[]),
    "EARLY_TAKER": schooling(
        "EARLY_TAKER",
        ks4=[
            ks4(
                "EARLY_TAKER",
                2015,
                KS4_ENDKS="0",
                KS4_ACTYRGRP="10",
                KS4_NORFLAGE="5",
                KS4_LEVEL2_EM_94="1",
                KS4_PTSCNEWE_PTQ_EE="400",
            ),
            ks4("EARLY_TAKER", 2016, KS4_LEVEL2_EM_94="0", KS4_PTSCNEWE_PTQ_EE="250"),
        ],
    ),
    # At the end of key stage 4 in 2013/2014, under regime B; the column of regime A is filled.
    "OTHER_REGIME": schooling(
        "OTHER_REGIME",
        population=[population("OTHER_REGIME", (1998, 3))],
        census=[census("OTHER_REGIME", 2014, 11)],
        absence=[],
        ks4=[ks4("OTHER_REGIME", 2014, KS4_LEVEL2_EM_PTQ=None, KS4_LEVEL2_EM="1")],
    ),
    "LOWER_RANK": schooling(
        "LOWER_RANK", offence=[offence("LOWER_RANK", "R1", "2014-05-01", "1015", DisposalRank="3")]
    ),
    "SEVERAL_DISPOSALS": schooling(
        "SEVERAL_DISPOSALS",
        offence=[
            offence("SEVERAL_DISPOSALS", "D1", "2014-05-01", "1015", DisposalRank="1"),
            offence("SEVERAL_DISPOSALS", "D1", "2014-05-01", "1081", DisposalRank="2"),
        ],
    ),
    "SEVERAL_OFFENCES": schooling(
        "SEVERAL_OFFENCES",
        offence=[
            offence("SEVERAL_OFFENCES", "O1", "2014-05-01", "1015"),
            offence(
                "SEVERAL_OFFENCES",
                "O1",
                "2014-04-01",
                "1017",
                OffenceID="O1-2",
                IsPrimaryOffence="N",
            ),
        ],
    ),
    "FIRST_AND_LATEST": schooling(
        "FIRST_AND_LATEST",
        offence=[
            offence("FIRST_AND_LATEST", "F3", "2015-06-01", "1015"),
            offence("FIRST_AND_LATEST", "F1", "2013-05-01", "1015"),
            offence("FIRST_AND_LATEST", "F2", "2014-01-01", "1081"),
        ],
    ),
    "SUSPENDED_SENTENCE": schooling(
        "SUSPENDED_SENTENCE", offence=[offence("SUSPENDED_SENTENCE", "S1", "2017-01-05", "1115")]
    ),
    "CAUTIONED": schooling("CAUTIONED", offence=[caution("CAUTIONED", "C1", "2014-05-01")]),
    "ACQUITTED": schooling(
        "ACQUITTED",
        offence=[offence("ACQUITTED", "A1", "2014-05-01", "2004", AdjudicationCode="N")],
    ),
    # 17 on the day of the offence, 18 on the day of the sentence.
    "SENTENCED_AT_18": schooling(
        "SENTENCED_AT_18",
        offence=[
            offence("SENTENCED_AT_18", "T1", "2017-12-01", "1015", ConvictionDate="2018-07-01")
        ],
    ),
    "ADULT": schooling("ADULT", offence=[offence("ADULT", "U1", "2018-06-01", "1015")]),
    "AGED_10": schooling("AGED_10", offence=[caution("AGED_10", "V1", "2010-06-01")]),
    "AGED_9": schooling("AGED_9", offence=[caution("AGED_9", "W1", "2009-06-01")]),
    "LINKED_BY_MOJ_UID": schooling(
        "LINKED_BY_MOJ_UID",
        offence=[
            offence("LINKED_BY_MOJ_UID", "X1", "2014-05-01", "1015", PupilMatchingRefAnonymous=None)
        ],
    ),
    # On remand before the first offence that was proven: the remand follows another charge.
    "REMANDED": schooling(
        "REMANDED",
        cla=[care("REMANDED", 2014, "2014-03-05", "2014-03-25", "J1")],
        offence=[offence("REMANDED", "Y1", "2014-06-01", "1015")],
    ),
    "CARE_FIRST": schooling(
        "CARE_FIRST",
        cla=[care("CARE_FIRST", 2013, "2012-05-01", "2013-01-31", "C2")],
        offence=[offence("CARE_FIRST", "Z1", "2014-06-01", "1015")],
    ),
    "NEED_SHORTLY_BEFORE": schooling(
        "NEED_SHORTLY_BEFORE",
        cin=[referral("NEED_SHORTLY_BEFORE", 2014, "2013-09-01", in_need=True)],
        offence=[offence("NEED_SHORTLY_BEFORE", "Z2", "2014-06-01", "1015")],
    ),
    # The year is known and the day is not, and the offence lies in that year.
    "NEED_WITHOUT_DATE": schooling(
        "NEED_WITHOUT_DATE",
        cin=[referral("NEED_WITHOUT_DATE", 2014, None, in_need=True)],
        offence=[offence("NEED_WITHOUT_DATE", "Z3", "2013-11-01", "1015")],
    ),
    # Somebody in the files of social care in the first years that they cover.
    "CARE_LONG_AGO": {
        "population": [population("CARE_LONG_AGO", (1995, 1))],
        "cla": [care("CARE_LONG_AGO", 2006, "2005-05-01", "2005-12-31", "C2")],
        "cin": [referral("CARE_LONG_AGO", 2009, "2008-11-01", in_need=False)],
    },
}


def delivery() -> Extracts:
    """All pupils, dataset by dataset."""
    together: Extracts = {}
    for extracts in PUPILS.values():
        for dataset, rows in extracts.items():
            together.setdefault(dataset, []).extend(rows)
    return together


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
