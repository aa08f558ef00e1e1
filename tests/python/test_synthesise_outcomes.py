"""Synthetic schooling and offending: files, layouts by year, faults, later years."""

from __future__ import annotations

import importlib
from pathlib import Path

import duckdb
import pytest
from synthetic import FILES, PROJECT_DIR, make

PUPILS = 6_000


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "extracts"
    return make(folder, "--pupils", PUPILS, "--seed", 5, "--clean", "--datasets", "all")


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("later") / "extracts"
    return make(folder, "--pupils", PUPILS, "--seed", 5, "--datasets", "all", "--until", 2025)


def columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return lines.readline().rstrip("\n").split("\t" if path.suffix == ".txt" else ",")


def rows(folder: Path, query: str) -> list[tuple]:
    """The answer to a query in which {} is the folder."""
    return duckdb.sql(query.replace("{}", str(folder))).fetchall()


def test_social_care_does_not_depend_on_the_other_datasets(clean: Path, tmp_path: Path) -> None:
    alone = make(tmp_path / "alone", "--pupils", PUPILS, "--seed", 5, "--clean")
    found = {path.name for path in alone.iterdir()}
    assert found == {*FILES, "README-SYNTHETIC.txt", "truth"}
    for name in FILES:
        reader = "read_csv('{}/%s', all_varchar = true)" % name  # noqa: UP031
        left, right = (
            rows(folder, f"select * exclude (MoJUID) from {reader}") for folder in (alone, clean)
        )
        assert left == right, name


def test_absence_changes_its_columns(clean: Path) -> None:
    early, middle, late = (
        columns(clean / f"Absence_{year}_3Term.csv") for year in (2012, 2013, 2017)
    )
    assert "SessionsPossible_3Term_ab12" in early
    assert not any("5HalfTerms" in name or "6th" in name for name in early)
    assert {
        "SessionsPossible_Summer6th_ab13",
        "SessionsPossible_5HalfTerms_ab13",
        "SessionsPossible_6HalfTerms_ab13",
        "SessionsPossible_Annual_ab13",
    } <= set(middle)
    assert not any("Annual" in name or "3Term" in name for name in late)


def test_special_schools_have_no_terms_up_to_2015_16(clean: Path) -> None:
    reader = "read_csv('{}/Absence_2016_3Term.csv')"
    condition = "Phase_ab16 = 'SP'"
    found = rows(
        clean,
        f"select count(*), count(SessionsPossible_Autumn_ab16), count(SessionsPossible_Annual_ab16)"
        f" from {reader} where {condition}",
    )
    assert found[0][0] > 0
    assert found == [(found[0][0], 0, found[0][0])]


def test_exclusions_have_as_many_groups_as_the_year(clean: Path) -> None:
    def groups(year: int) -> int:
        names = columns(clean / f"Exclusions_{year}_Table3.csv")
        return sum(name.startswith("Category_") for name in names)

    assert {year: groups(year) for year in (2006, 2009, 2010, 2018)} == {
        2006: 26, 2009: 40, 2010: 39, 2018: 40,
    }  # fmt: skip
    assert "PermanentExclusionIndicator_ex07" in columns(clean / "Exclusions_2007_Table3.csv")
    assert "PermanentExclusionCount_ex08" in columns(clean / "Exclusions_2008_Table3.csv")
    assert [len(columns(clean / f"Exclusions_{year}.txt")) for year in range(2002, 2006)] == [
        6, 6, 5, 6,
    ]  # fmt: skip


def test_census_names_follow_the_year(clean: Path) -> None:
    assert {"SENstage_SPR02", "FreeSchoolMeals_SPR02"} <= set(
        columns(clean / "Spring_Census_2002.csv")
    )
    assert {"HomeLA_SPR06", "SENprovision_SPR06"} <= set(columns(clean / "Spring_Census_2006.csv"))
    assert not any(name.startswith("HomeLA") for name in columns(clean / "Spring_Census_2005.csv"))
    assert "IDACIScore_15_SPR17" in columns(clean / "Spring_Census_2017.csv")


def test_a_measure_of_ks4_is_filled_in_its_years_alone(clean: Path) -> None:
    found = rows(
        clean,
        "select KS4_ACADYR, count(KS4_LEVEL2_EM) > 0, count(KS4_LEVEL2_EM_PTQ) > 0,"
        " count(KS4_LEVEL2_EM_94) > 0, count(KS4_ATT8) > 0"
        " from read_csv('{}/KS4_2002_to_2018.csv', all_varchar = true)"
        " where KS4_ACADYR in ('2012/2013', '2013/2014', '2014/2015', '2015/2016')"
        " group by 1 order by 1",
    )
    assert [filled for _, *filled in found] == [
        [True, False, False, False],
        [False, True, False, False],
        [False, False, True, False],
        [False, False, True, True],
    ]


def test_lives_keep_to_the_law(clean: Path) -> None:
    """No offence before 10, and at most 90 sessions of suspension in a school year."""
    pnc = "read_csv('{}/MOJ_PNC.csv', all_varchar = true)"
    ages = rows(clean, f"select min(offencestartage::integer), max(offencestartdate) from {pnc}")
    assert ages[0][0] >= 10
    assert ages[0][1] <= "2017-12-31"
    for year in range(2006, 2019):
        sessions = rows(
            clean,
            f"select coalesce(max(TotalFixedSessions_ex{year % 100:02}), 0)"
            f" from read_csv('{{}}/Exclusions_{year}_Table3.csv')",
        )
        assert sessions[0][0] <= 90


def test_clean_has_no_faults_and_the_others_list_them(clean: Path, later: Path) -> None:
    assert rows(clean, "select count(*) from '{}/truth/outcome_dirty_row.parquet'") == [(0,)]
    settings = PROJECT_DIR / "scripts/social_care_warehouse/synthesis/settings/outcome_dirt.csv"
    common = rows(
        settings.parent,
        "select dataset || ' ' || kind from read_csv('{}/outcome_dirt.csv')"
        " where rate between 0.002 and 0.9 and dataset != 'exclusion_early' order by 1",
    )
    listed = rows(
        later,
        "select distinct dataset || ' ' || kind from '{}/truth/outcome_dirty_row.parquet'",
    )
    assert len(common) > 15
    assert set(common) <= set(listed)


def test_some_offend_after_the_death_that_social_care_recorded(later: Path) -> None:
    listed = rows(
        later,
        "select count(*) from '{}/truth/outcome_dirty_row.parquet' where kind = 'after_death'",
    )
    pnc = "read_csv('{}/MOJ_PNC.csv', all_varchar = true)"
    delivered = rows(later, f"select count(*) from {pnc} where caseid like 'DC%'")
    assert delivered == listed
    assert listed[0][0] > 0


@pytest.mark.parametrize(
    ("year", "gone", "there"),
    [
        (2019, {"838", "839"}, {"835", "837"}),
        (2020, {"835", "836", "837"}, {"838", "839"}),
        (2021, {"940", "941"}, {"928"}),
        (2022, {"928"}, {"940", "941"}),
        (2023, {"942", "943"}, {"909"}),
        (2024, {"909"}, {"942", "943"}),
    ],
)
def test_authorities_replace_others_in_their_year(
    later: Path, year: int, gone: set[str], there: set[str]
) -> None:
    suffix = f"{year % 100:02}"
    census = f"read_csv('{{}}/Spring_Census_{year}.csv', all_varchar = true)"
    codes = {
        code
        for (code,) in rows(
            later,
            f"select HomeLA_SPR{suffix} from {census}"
            f" union select LA_SPR{suffix} from {census}"
            " union select CIN_LA from read_csv('{}/CIN_*.csv', all_varchar = true)"
            f" where CIN_ACADYR = '{year - 1}/{year}'",
        )
    }
    assert there <= codes
    assert not gone & codes


def test_later_years_have_their_columns_and_codes(later: Path) -> None:
    assert not (later / "Absence_2020_3Term.csv").exists()
    assert (later / "Absence_2025_3Term.csv").exists()
    assert {"Reason_A_1_ex22", "Reason_C_40_ex22"} <= set(
        columns(later / "Exclusions_2022_Table3.csv")
    )
    assert rows(
        later,
        "select distinct trim(upper(Category_1_ex22)) from"
        " read_csv('{}/Exclusions_2022_Table3.csv', all_varchar = true)"
        " where upper(Category_1_ex22) like '%SU%'",
    ) == [("SUSP",)]
    last = rows(
        later,
        "select max(CLA_PROCESSING_YEAR::integer)"
        " from read_csv('{}/CLA_2006_to_2025.csv', all_varchar = true)",
    )
    assert last == [(2025,)]


def test_table_1_comes_besides_table_3(later: Path) -> None:
    """Each exclusion of the year once, and further permanent ones marked as duplicates."""
    for year in (2014, 2015, 2016, 2022):
        yy = year % 100
        in_table_1 = rows(
            later,
            f"select count(distinct (PupilMatchingRefAnonymous_ex{yy}, StartDate_ex{yy}))"
            f" from read_csv('{{}}/Exclusions_{year}_Table1.csv', all_varchar = true)"
            f" where Category_ex{yy} in ('FIXD', 'SUSP')",
        )
        in_table_3 = rows(
            later,
            f"select sum(n::integer) from (select distinct"
            f" PupilMatchingRefAnonymous_ex{yy}, TotalFixedExclusions_ex{yy} as n"
            f" from read_csv('{{}}/Exclusions_{year}_Table3.csv', all_varchar = true))",
        )
        # A few totals have a fault, and two exclusions may begin on one day.
        assert in_table_1[0][0] > 30
        assert in_table_1[0][0] == pytest.approx(in_table_3[0][0], abs=6)
    assert {"Reason_ex14", "Perm_Duplicate_ex14"} <= set(
        columns(later / "Exclusions_2014_Table1.csv")
    )
    assert {"Reason_A_ex22", "Reason_C_ex22"} <= set(columns(later / "Exclusions_2022_Table1.csv"))


def test_a_pupil_can_have_more_exclusions_than_the_file_has_groups(later: Path) -> None:
    n_full = 0
    for year in range(2007, 2026):
        yy, groups = f"{year % 100:02}", 39 if year == 2010 else 40
        found = rows(
            later,
            f"select count(*), count(Category_{groups}_ex{yy})"
            f" from read_csv('{{}}/Exclusions_{year}_Table3.csv', all_varchar = true)"
            f" where TotalFixedExclusions_ex{yy}::integer > 40",
        )
        assert found[0][0] == found[0][1]
        n_full += found[0][0]
    assert n_full > 0


def test_referral_units_have_a_census_of_their_own_before_2013_14(clean: Path) -> None:
    assert {path.name for path in clean.glob("PRU_*.csv")} == {
        f"PRU_Census_{year}.csv" for year in range(2010, 2014)
    }
    names = columns(clean / "PRU_Census_2012.csv")
    assert {"PRU_PupilMatchingRefAnonymous_SPR12", "PRU_NCyearActual"} <= set(names)
    pupils = (
        "select count(*), count(distinct PRU_PupilMatchingRefAnonymous_SPR{yy})"
        " from read_csv('{}/PRU_Census_20{yy}.csv')"
        " where PRU_PupilMatchingRefAnonymous_SPR{yy} not in"
        " (select PupilMatchingRefAnonymous_SPR{yy} from read_csv('{}/Spring_Census_20{yy}.csv'))"
    )
    for yy in (10, 11, 12, 13):
        found = rows(clean, pupils.replace("{yy}", str(yy)))
        assert found[0][0] == found[0][1] > 0


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


@pytest.mark.parametrize("trap", TRAPS)
def test_what_makes_the_real_files_hard_to_read_is_there(clean: Path, trap: str) -> None:
    assert rows(clean, TRAPS[trap].replace("{{}}", "{}")) == [(True,)]


def count_faults(folder: Path, fault: str) -> int:
    """How many of these faults the files have, in all years that the query is made for."""
    first, last, query = FAULTS[fault]
    years = [
        year for year in range(first, last + 1) if (folder / f"Spring_Census_{year}.csv").exists()
    ]
    return sum(
        rows(folder, query.replace("{year}", str(year)).replace("{yy}", f"{year % 100:02}"))[0][0]
        for year in years
        if year != 2020 or "Absence" not in query
    )


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


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_in_the_files_and_in_no_clean_ones(clean: Path, later: Path, fault: str) -> None:
    assert count_faults(later, fault) > 0
    assert count_faults(clean, fault) == 0


def test_the_size_of_a_batch_changes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(PROJECT_DIR / "scripts"))
    generation = importlib.import_module("social_care_warehouse.synthesis.generate")
    order = {"pupils": 800, "seed": 5, "datasets": "all"}
    generation.generate(generation.Order(tmp_path / "one", **order))
    monkeypatch.setattr(generation, "BATCH_OF_ALL", 500)
    generation.generate(generation.Order(tmp_path / "many", **order))
    names = sorted(path.name for path in (tmp_path / "one").glob("*.*"))
    assert len(names) > 50
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "many" / name).read_bytes()
    both = [f"{tmp_path}/{which}/truth/person_outcome.parquet" for which in ("one", "many")]
    for first, second in (both, both[::-1]):
        assert not duckdb.sql(f"from '{first}' except all from '{second}'").fetchall()


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--datasets", "most", "Unknown datasets most"),
        ("--until", 2017, "--until must be a year"),
        ("--until", 2026, "--until must be a year"),
    ],
)
def test_bad_options_are_one_sentence(
    tmp_path: Path, option: str, value: object, message: str
) -> None:
    from synthetic import synthesise  # noqa: PLC0415

    done = synthesise(tmp_path / "out", "--pupils", 10, "--seed", 1, option, value)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "out").exists()
