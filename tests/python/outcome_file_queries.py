"""Queries on synthetic files of schooling and offending: traps for a reader, and faults."""

from __future__ import annotations

from pathlib import Path

import duckdb


def columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return lines.readline().rstrip("\n").split("\t" if path.suffix == ".txt" else ",")


def rows(folder: Path, query: str) -> list[tuple]:
    """The answer to a query in which {} is the folder."""
    return duckdb.sql(query.replace("{}", str(folder))).fetchall()


PNC = "read_csv('{}/MOJ_PNC.csv', all_varchar = true)"
ABSENCE = "read_csv('{}/Absence_2015_3Term.csv', all_varchar = true)"
CENSUS = "read_csv('{}/Spring_Census_2015.csv', all_varchar = true)"
KS4 = "read_csv('{}/KS4_2002_to_2018.csv', all_varchar = true)"
# What makes the real files hard to read, besides faults: one query for each, true if it is there.
TRAPS = {
    "the summer is half a term": f"""
        select median(SessionsPossible_Summer_ab15::integer)
            < 0.6 * median(SessionsPossible_Autumn_ab15::integer)
        from {ABSENCE} where EnrolStatus_ab15 = 'C'
    """,
    "two registrations carry sessions": f"""
        select count(*) > 0
        from {ABSENCE} as main
        inner join {ABSENCE} as other
            on main.PupilMatchingRefAnonymous_ab15 = other.PupilMatchingRefAnonymous_ab15
        where main.EnrolStatus_ab15 = 'M' and other.EnrolStatus_ab15 = 'S'
            and other.SessionsPossible_Autumn_ab15::integer > 0
    """,
    "a move of school gives two rows": f"""
        select count(*) > count(distinct PupilMatchingRefAnonymous_ab15)
        from {ABSENCE} where EnrolStatus_ab15 = 'C'
    """,
    "lunchtimes are among the exclusions": """
        select count(*) > 0 from read_csv('{}/Exclusions_20*_Table3.csv', delim = '\x01',
            columns = {'line': 'varchar'}, quote = '') where line like '%LNCH%'
    """,
    "early takers have a row of another year": f"""
        select count(*) > 0 from {KS4} where KS4_ENDKS = '0' and KS4_NORFLAGE = '5'
    """,
    "codes of special needs change in 2014/15": f"""
        select (select bool_or(SENprovision_SPR15 = 'K') from {CENSUS})
            and not (
                select bool_or(SENprovision_SPR14 in ('K', 'E'))
                from read_csv('{{}}/Spring_Census_2014.csv', all_varchar = true)
            )
    """,
    "free meals ever are more than free meals now": f"""
        select avg(EVERFSM_ALL_SPR15::integer) > 1.5 * avg(FSMeligible_SPR15::integer)
        from {CENSUS}
    """,
    "an offence has several disposals": f"""
        select count(*) > 0 from (
            select offenceid from {PNC} group by offenceid having count(distinct disposalrank) > 1
        )
    """,
    "a case has several offences": f"""
        select count(*) > 0 from (
            select caseid from {PNC} group by caseid having count(distinct offenceid) > 1
        )
    """,
    "the best rank of an offence is not always 1": f"""
        select count(*) > 0 from (
            select offenceid from {PNC} group by offenceid having min(disposalrank) = '2'
        )
    """,
    "a child is sentenced as an adult": f"""
        select count(*) > 0 from {PNC}
        where offencestartage = '17' and cdate::date > offencestartdate::date + 180
    """,
    "a pupil of a special school has no year group": f"""
        select count(*) > 0 from {CENSUS} where NCyearActual_SPR15 = 'X'
    """,
    "a pupil is kept back": f"""
        select count(*) > 0 from {CENSUS}
        where try_cast(NCyearActual_SPR15 as integer)
            = AgeAtStartOfAcademicYear_SPR15::integer - 5
    """,
    "a pupil is in exclusions and in no census": """
        select count(*) > 0
        from (
            select PupilMatchingRefAnonymous_ex07 as pupil
            from read_csv('{}/Exclusions_2007_Table3.csv', all_varchar = true)
            union all
            select PupilMatchingRefAnonymous_ex08
            from read_csv('{}/Exclusions_2008_Table3.csv', all_varchar = true)
            union all
            select PupilMatchingRefAnonymous_ex09
            from read_csv('{}/Exclusions_2009_Table3.csv', all_varchar = true)
        )
        where pupil not in (
            select PupilMatchingRefAnonymous_SPR07
            from read_csv('{}/Spring_Census_2007.csv', all_varchar = true)
            union all
            select PupilMatchingRefAnonymous_SPR08
            from read_csv('{}/Spring_Census_2008.csv', all_varchar = true)
            union all
            select PupilMatchingRefAnonymous_SPR09
            from read_csv('{}/Spring_Census_2009.csv', all_varchar = true)
        )
    """,
}


# Faults of the table in docs/explanation/synthetic-extracts.md: the first and last year of the
# files to look at, and how many one of them has.
FAULTS = {
    "absence year_differs": (2006, 2025, """
        select count(*)
        from read_csv('{}/Absence_{year}_3Term.csv', all_varchar = true)
        where regexp_matches(AcademicYear_ab{yy}, '[0-9]{2}$')
            and right(AcademicYear_ab{yy}, 2) != '{yy}'
    """),
    "census year_differs": (2002, 2019, """
        select count(*)
        from read_csv('{}/Spring_Census_{year}.csv', all_varchar = true)
        where regexp_matches(AcademicYear_SPR{yy}, '[0-9]{2}$')
            and right(AcademicYear_SPR{yy}, 2) != '{yy}'
    """),
    "absence zero_return": (2006, 2025, """
        select count(*)
        from read_csv('{}/Absence_{year}_3Term.csv', all_varchar = true)
        where SessionsPossible_Autumn_ab{yy} = '0' and SessionsPossible_Spring_ab{yy} = '0'
            and SessionsPossible_Summer_ab{yy} = '0' and EnrolStatus_ab{yy} = 'C'
            and UnauthorisedAbsence_Autumn_ab{yy} = '0'
    """),
    "absence guest_row": (2006, 2025, """
        select count(*)
        from read_csv('{}/Absence_{year}_3Term.csv', all_varchar = true)
        where trim(EnrolStatus_ab{yy}) = 'G'
    """),
    "exclusion reported_late": (2006, 2019, """
        select count(*)
        from read_csv('{}/Exclusions_{year}_Table3.csv', all_varchar = true)
        where right(ReportingAcademicYear_ex{yy}, 2) > right(AcademicYear_ex{yy}, 2)
    """),
    "exclusion_single reported_late": (2014, 2016, """
        select count(*)
        from read_csv('{}/Exclusions_{year}_Table1.csv', all_varchar = true)
        where right(ReportingAcademicYear_ex{yy}, 2) > right(AcademicYear_ex{yy}, 2)
    """),
    "exclusion full_groups": (2007, 2025, """
        select count(*)
        from read_csv('{}/Exclusions_{year}_Table3.csv', all_varchar = true)
        where TotalFixedExclusions_ex{yy}::integer > 40
    """),
    "offence under_ten": (2018, 2018, f"""
        select count(*) from {PNC} where offencestartage::integer between 0 and 9
    """),
    "offence_of_dead after_death": (2018, 2018, f"""
        select count(*) from {PNC} where caseid like 'DC%'
    """),
    "offence date_1900": (2018, 2018, f"""
        select count(*) from {PNC} where offencestartdate like '%1900%'
    """),
    "offence other_country": (2018, 2018, f"""
        select count(*) from {PNC} where country != 'England'
    """),
    "offence_caution caution_with_guilt": (2018, 2018, f"""
        select count(*) from {PNC} where conviction = '0' and adjudicationcode = 'G'
    """),
    "population second_moj_uid": (2018, 2018, f"""
        select count(*) from (
            select pupilmatchingrefanonymous from {PNC}
            where pupilmatchingrefanonymous like 'SYN%'
            group by all having count(distinct mojuid) > 1
        )
    """),
    "population shared_moj_uid": (2018, 2018, """
        select count(*) from (
            select MoJUID from read_csv('{}/population.csv', all_varchar = true)
            where MoJUID like 'MSYN%'
            group by MoJUID having count(distinct PupilMatchingRefAnonymous) > 1
        )
    """),
}  # fmt: skip
# Shares of the same table, each with the trap above that shows it.
SHARES = {
    "dual_share": "two registrations carry sessions",
    "lunchtime_share": "lunchtimes are among the exclusions",
    "early_entry_share": "early takers have a row of another year",
    "second_disposal_share": "an offence has several disposals",
    "no_year_group_share": "a pupil of a special school has no year group",
    "kept_back_share": "a pupil is kept back",
    "moved_school_share": "a move of school gives two rows",
    "moved_school_share_known": "a move of school gives two rows",
}
