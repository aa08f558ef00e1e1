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
