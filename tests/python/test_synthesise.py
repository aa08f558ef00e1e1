"""The synthetic extracts: the shape of the delivered files, and the same files every time."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import duckdb
import pytest
from commands import csv_rows
from synthetic import (
    CIN_COLUMNS,
    CLA_COLUMNS,
    FILES,
    PROJECT_DIR,
    SETTINGS_DIR,
    Extracts,
    digests,
    make,
)


def test_same_seed_same_bytes_on_any_number_of_threads(tmp_path: Path) -> None:
    one = make(tmp_path / "one", "--pupils", 3000, "--seed", 5, "--threads", 1)
    four = make(tmp_path / "four", "--pupils", 3000, "--seed", 5, "--threads", 4)
    again = make(tmp_path / "again", "--pupils", 3000, "--seed", 5)
    assert digests(one) == digests(four) == digests(again)
    assert set(FILES) | {"README-SYNTHETIC.txt"} <= set(digests(one))


def test_every_setting_is_used() -> None:
    # A rate that no query reads can be changed, and nothing happens.
    package = SETTINGS_DIR.parent
    code = [*package.rglob("*.sql"), *package.rglob("*.py")]
    words = set(re.findall(r"\w+", "\n".join(path.read_text(encoding="utf-8") for path in code)))
    for path in SETTINGS_DIR.glob("*.csv"):
        rows = csv_rows(path)
        names = set(rows[0]) - {"source", "meaning"}
        if path.stem.endswith("scalar"):
            names = {row["name"] for row in rows}
        assert names - words == set(), path.name


def test_another_seed_other_lives(tmp_path: Path) -> None:
    one = digests(make(tmp_path / "one", "--pupils", 3000, "--seed", 5))
    two = digests(make(tmp_path / "two", "--pupils", 3000, "--seed", 6))
    assert all(one[name] != two[name] for name in FILES)


def test_says_synthetic_everywhere(clean: Extracts) -> None:
    assert "SYNTHETIC" in (clean.folder / "README-SYNTHETIC.txt").read_text()
    assert clean.value(
        "select bool_and(starts_with(PupilMatchingRefAnonymous, 'SYN')) from population"
    )


def test_the_size_of_a_batch_changes_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(PROJECT_DIR / "scripts"))
    generation = importlib.import_module("social_care_warehouse.synthesis.generate")
    generation.generate(generation.Order(tmp_path / "one", pupils=3000, seed=5))
    monkeypatch.setattr(generation, "BATCH", 1500)
    generation.generate(generation.Order(tmp_path / "many", pupils=3000, seed=5))
    one, many = digests(tmp_path / "one"), digests(tmp_path / "many")
    assert [one[name] for name in FILES] == [many[name] for name in FILES]
    for path in (tmp_path / "one" / "truth").glob("*.parquet"):
        both = [str(path), str(tmp_path / "many" / "truth" / path.name)]
        for first, second in (both, both[::-1]):
            left = duckdb.execute(
                "from read_parquet(?) except all from read_parquet(?)", [first, second]
            ).fetchall()
            assert left == [], path.name


def test_columns_in_the_order_of_the_contract(clean: Extracts, all_episodes: Extracts) -> None:
    cla = [name for (name, *_) in clean.rows("describe cla")]
    assert cla[: len(CLA_COLUMNS)] == CLA_COLUMNS
    cin = [name for (name, *_) in clean.rows("describe cin")]
    assert cin[: len(CIN_COLUMNS)] == CIN_COLUMNS
    assert "CLA_RNE" not in cla
    assert "CIN_AssessmentFactors" not in cin
    assert [name for (name, *_) in all_episodes.rows("describe cin")] == [
        *cin,
        "CIN_AssessmentFactors",
    ]
    assert [name for (name, *_) in all_episodes.rows("describe cla")] == [*cla, "CLA_RNE"]


def test_population_holds_every_pupil_once(clean: Extracts) -> None:
    assert clean.rows(
        "select count(*), count(distinct PupilMatchingRefAnonymous),"
        " bool_and(regexp_full_match(PupilMatchingRefAnonymous, 'SYN[0-9A-F]{15}')),"
        " count(distinct MoJUID) = count(MoJUID) from population"
    ) == [(12000, 12000, True, True)]
    clean.none(
        "select CLA_PupilMatchingRefAnonymous from cla"
        " where CLA_PupilMatchingRefAnonymous not in"
        " (select PupilMatchingRefAnonymous from population)"
    )
    clean.none(
        "select CIN_PupilMatchingRefAnonymous from cin"
        " where CIN_PupilMatchingRefAnonymous not in"
        " (select PupilMatchingRefAnonymous from population)"
    )


def test_years_covered(clean: Extracts) -> None:
    assert clean.rows("select distinct CLA_ACADYR from cla order by 1") == [
        (f"{year}/{year + 1}",) for year in range(2005, 2018)
    ]
    assert clean.rows("select distinct CIN_ACADYR from cin order by 1") == [
        (f"{year}/{year + 1}",) for year in range(2008, 2017)
    ]
    clean.none("select 1 from cla where right(CLA_ACADYR, 4) != CLA_PROCESSING_YEAR")


def test_latest_episode_is_one_row_per_child_and_year(
    clean: Extracts, all_episodes: Extracts
) -> None:
    repeated = (
        "select CLA_PupilMatchingRefAnonymous, CLA_ACADYR from cla"
        " where CLA_PupilMatchingRefAnonymous is not null group by all having count(*) > 1"
    )
    clean.none(repeated)
    assert all_episodes.rows(repeated)
    # Care that continues is delivered again in every year.
    assert (
        clean.value(
            "select max(n) from (select count(*) as n from cla"
            " where CLA_PupilMatchingRefAnonymous is not null"
            " group by CLA_PupilMatchingRefAnonymous, CLA_DATE_EPI_COMM)"
        )
        >= 4
    )


def test_the_reason_and_the_flag_show_who_is_still_looked_after(clean: Extracts) -> None:
    clean.none(
        "select 1 from cla where (CLA_REC = '-10') != (CLA_CLA_31_MARCH = '1')"
        " or (CLA_REC != '-10' and CLA_DATE_EPI_CEASED is null)"
        " or (CLA_REC = '-10' and CLA_DATE_EPI_CEASED is not null)"
        " or (CLA_REC != '-10' and CLA_DATE_EPI_CEASED > CLA_PROCESSING_YEAR || '-03-31')"
    )
    assert clean.value("select count(*) from cla where CLA_REC = '-10'") > 0


def test_columns_are_filled_in_their_years_only(clean: Extracts) -> None:
    filled = clean.connection.execute(
        "select column_name, first_year, last_year from read_csv(?)",
        [str(SETTINGS_DIR / "column_years.csv")],
    ).fetchall()
    years: dict[str, set[int]] = {}
    for column, first, last in filled:
        years.setdefault(column, set()).update(range(first, last + 1))
    for column, expected in years.items():
        dataset = column[:3].lower()
        if column not in {name for (name, *_) in clean.rows(f"describe {dataset}")}:
            continue
        seen = {
            int(year)
            for (year,) in clean.rows(
                f"select distinct right({column[:3]}_ACADYR, 4) from {dataset}"
                f" where {column} is not null"
            )
        }
        assert seen <= expected, column
        # Why a placement changed was asked from April 2015, though the column is older.
        if column != "CLA_REASON_PLACE_CHANGE":
            assert seen == expected, column
    assert clean.rows(
        "select count(CIN_AgeStartOfCINPeriod), count(CIN_AgeEndOfCINPeriod) from cin"
    ) == [(0, 0)]


def test_codes_are_those_of_the_year(clean: Extracts) -> None:
    clean.none(
        "select distinct CLA_PLACEMENT, CLA_PROCESSING_YEAR from cla where not case"
        " when CLA_PLACEMENT in ('F1','F2','F3','F4','F5','F6','H1','H2','H3','H4')"
        "   then CLA_PROCESSING_YEAR <= '2009'"
        " when CLA_PLACEMENT in ('Q1','Q2') then CLA_PROCESSING_YEAR between '2010' and '2014'"
        " when CLA_PLACEMENT in ('K1','K2') then CLA_PROCESSING_YEAR >= '2010'"
        " when CLA_PLACEMENT in ('U1','U4') then CLA_PROCESSING_YEAR >= '2016'"
        " when CLA_PLACEMENT in ('U2','U3','U5','U6') then CLA_PROCESSING_YEAR >= '2015'"
        " when CLA_PLACEMENT in ('M1','M2','M3') then CLA_PROCESSING_YEAR <= '2014'"
        " else regexp_full_match(CLA_PLACEMENT, 'A[3-6]|P[1-3]|H5|R[1235]|S1|T[0-4]|Z1') end"
    )
    clean.none(
        "select distinct CLA_REC, CLA_PROCESSING_YEAR from cla where not case"
        " when CLA_REC = 'E4' then CLA_PROCESSING_YEAR <= '2014'"
        " when CLA_REC in ('E4A','E4B','E13','E14','E15','E16')"
        "   then CLA_PROCESSING_YEAR >= '2015'"
        " else CLA_REC in ('-10','X1','E11','E12','E2','E3','E41','E43','E44','E5','E6','E7',"
        "   'E8','E9') end"
    )
    clean.none(
        "select CLA_LEGAL_STATUS from cla where CLA_LEGAL_STATUS not in"
        " ('C1','C2','D1','E1','V2','V3','V4','L1','L2','L3','J1','J2','J3')"
        " or CLA_LEGAL_STATUS = 'E1' and CLA_DATE_EPI_COMM < '2005-12-30'"
    )
    clean.none("select CLA_CAT_NEED from cla where not regexp_full_match(CLA_CAT_NEED, 'N[1-8]')")
    clean.none(
        "select 1 from cin where not coalesce(regexp_full_match(CIN_PrimaryNeedCode, 'N[0-9]'),"
        " CIN_ReferralNFA = '1' or CIN_ACADYR = '2008/2009')"
        " or not coalesce(regexp_full_match(CIN_ReasonForClosure, 'RC[1-8]'), true)"
        " or coalesce(CIN_InitialCategoryOfAbuse, 'NEG') not in ('NEG','EMO','PHY','SAB','MUL')"
    )


def test_an_episode_over_a_change_of_codes_shows_both(all_episodes: Extracts) -> None:
    assert all_episodes.rows(
        "select 1 from cla where CLA_PupilMatchingRefAnonymous is not null"
        " group by CLA_PupilMatchingRefAnonymous, CLA_DATE_EPI_COMM"
        " having bool_or(CLA_PLACEMENT = 'Q2') and bool_or(CLA_PLACEMENT in ('U4', 'U6'))"
    )


def test_no_further_action_is_never_in_need_on_31_march(clean: Extracts) -> None:
    clean.none("select 1 from cin where CIN_ReferralNFA = '1' and CIN_CINat31March = '1'")
    clean.none(
        "select 1 from cin where CIN_ReasonForClosure is not null and CIN_CINat31March = '1'"
    )


def test_a_child_under_assessment_on_31_march_is_in_need_on_that_day(clean: Extracts) -> None:
    assert clean.rows(
        "select 1 from cin join person on CIN_PupilMatchingRefAnonymous = pupil_id"
        " where CIN_CINat31March = '1' and n_need_episodes = 0"
    )


def test_factors_of_assessments_are_of_the_code_list(all_episodes: Extracts) -> None:
    codes = {
        code
        for (code,) in all_episodes.rows(
            "select distinct unnest(string_split(CIN_AssessmentFactors, ',')) from cin"
            " where CIN_AssessmentFactors is not null"
        )
    }
    known = {
        code
        for (code,) in all_episodes.connection.execute(
            "select code from read_csv(?, types = {'code': 'varchar'})",
            [str(SETTINGS_DIR / "assessment_factor.csv")],
        ).fetchall()
    }
    assert {"3B", "4B", "16A", "21"} <= codes <= known | {"21"}
    all_episodes.none(
        "select 1 from cin where CIN_AssessmentFactors like '%21%'"
        " and CIN_AssessmentFactors != '21'"
    )


def test_previous_plans_count_the_plans_before(clean: Extracts) -> None:
    clean.none(
        "select * from (select plan_number, row_number() over"
        " (partition by child_number order by plan_start_date) as lived from plan)"
        " where plan_number != lived"
    )
    # The extracts of 2008/09 to 2016/17 show them on rows with a plan, and on no others.
    clean.none(
        "select 1 from cin where (CIN_NumberOfPreviousCPP is null)"
        " != (coalesce(CIN_CategoryOfAbuse, CIN_InitialCategoryOfAbuse) is null)"
    )
    assert clean.value("select max(CIN_NumberOfPreviousCPP::integer) from cin") >= 1


def test_birth_cohorts_are_englands_part_of_the_births_of_the_united_kingdom(
    clean: Extracts,
) -> None:
    n_held, least, most = clean.connection.execute(
        "select count(*), min(part), max(part) from ("
        " select (pupil_weight + other_weight) / 1.017 / uk_births as part"
        " from read_csv(?, header = true) where uk_births is not null)",
        [str(SETTINGS_DIR / "birth_cohort.csv")],
    ).fetchone()
    assert n_held == 28
    assert 0.82 <= least <= most <= 0.86
