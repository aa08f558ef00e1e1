"""Synthetic schooling and offending: the columns and layouts of each year."""

from __future__ import annotations

from pathlib import Path

from outcome_file_queries import columns, rows


def test_absence_changes_its_columns(clean_files: Path) -> None:
    early, middle, late = (
        columns(clean_files / f"Absence_{year}_3Term.csv") for year in (2012, 2013, 2017)
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


def test_special_schools_have_no_terms_up_to_2015_16(clean_files: Path) -> None:
    reader = "read_csv('{}/Absence_2016_3Term.csv')"
    condition = "Phase_ab16 = 'SP'"
    found = rows(
        clean_files,
        f"select count(*), count(SessionsPossible_Autumn_ab16), count(SessionsPossible_Annual_ab16)"
        f" from {reader} where {condition}",
    )
    assert found[0][0] > 0
    assert found == [(found[0][0], 0, found[0][0])]


def test_exclusions_have_as_many_groups_as_the_year(clean_files: Path) -> None:
    def groups(year: int) -> int:
        names = columns(clean_files / f"Exclusions_{year}_Table3.csv")
        return sum(name.startswith("Category_") for name in names)

    assert {year: groups(year) for year in (2006, 2009, 2010, 2018)} == {
        2006: 26, 2009: 40, 2010: 39, 2018: 40,
    }  # fmt: skip
    assert "PermanentExclusionIndicator_ex07" in columns(clean_files / "Exclusions_2007_Table3.csv")
    assert "PermanentExclusionCount_ex08" in columns(clean_files / "Exclusions_2008_Table3.csv")
    assert [len(columns(clean_files / f"Exclusions_{year}.txt")) for year in range(2002, 2006)] == [
        6, 6, 5, 6,
    ]  # fmt: skip


def test_census_names_follow_the_year(clean_files: Path) -> None:
    assert {"SENstage_SPR02", "FreeSchoolMeals_SPR02"} <= set(
        columns(clean_files / "Spring_Census_2002.csv")
    )
    assert {"HomeLA_SPR06", "SENprovision_SPR06"} <= set(
        columns(clean_files / "Spring_Census_2006.csv")
    )
    assert not any(
        name.startswith("HomeLA") for name in columns(clean_files / "Spring_Census_2005.csv")
    )
    assert "IDACIScore_15_SPR17" in columns(clean_files / "Spring_Census_2017.csv")


def test_a_measure_of_ks4_is_filled_in_its_years_alone(clean_files: Path) -> None:
    found = rows(
        clean_files,
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


def test_referral_units_have_a_census_of_their_own_before_2013_14(clean_files: Path) -> None:
    assert {path.name for path in clean_files.glob("PRU_*.csv")} == {
        f"PRU_Census_{year}.csv" for year in range(2010, 2014)
    }
    names = columns(clean_files / "PRU_Census_2012.csv")
    assert {"PRU_PupilMatchingRefAnonymous_SPR12", "PRU_NCyearActual"} <= set(names)
    pupils = (
        "select count(*), count(distinct PRU_PupilMatchingRefAnonymous_SPR{yy})"
        " from read_csv('{}/PRU_Census_20{yy}.csv')"
        " where PRU_PupilMatchingRefAnonymous_SPR{yy} not in"
        " (select PupilMatchingRefAnonymous_SPR{yy} from read_csv('{}/Spring_Census_20{yy}.csv'))"
    )
    for yy in (10, 11, 12, 13):
        found = rows(clean_files, pupils.replace("{yy}", str(yy)))
        assert found[0][0] == found[0][1] > 0
