"""The pupils of test_outcome_slips.py, each with the rows that one mistake would misread.

Every pupil was born in March 2000 and went through years 7 to 11 from 2011/2012 to 2015/2016,
unless the test says otherwise.
"""

from __future__ import annotations

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
)

BORN = (2000, 3)


YEARS = {group: 2005 + group for group in SECONDARY}


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
