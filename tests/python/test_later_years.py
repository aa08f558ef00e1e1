"""An extract of the years 2019 to 2025, from files to marts.

The codes of social care are written out here, and those of schools and police in the settings of
the generator, so that a code list which ends too early is found.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

import duckdb
import pytest
from commands import run_script
from synthetic import CIN_COLUMNS, CLA_COLUMNS, make

YEARS = range(2019, 2026)
ROWS_A_YEAR = 60

# Each code with the first and the last reporting year in which it is delivered here.
ALWAYS = (2019, 2025)
PLACEMENTS = {
    **dict.fromkeys(["U1", "U2", "U3", "U4", "U5", "U6", "A3", "A4", "A5", "A6"], ALWAYS),
    **dict.fromkeys(["P1", "P3", "K1", "K2", "R1", "R2", "R3", "R5", "S1", "T0", "Z1"], ALWAYS),
    "P2": (2019, 2024),
    "H5": (2019, 2024),
    "K3": (2024, 2025),
}
LEGAL_STATUSES = dict.fromkeys(["C1", "C2", "E1", "V2", "L1", "L2", "L3", "J1", "J2", "J3"], ALWAYS)
REASONS_CEASED = {
    **dict.fromkeys(["E11", "E12", "E13", "E14", "E15", "E16", "E2", "E3", "E4A", "E4B"], ALWAYS),
    **dict.fromkeys(["E41", "E45", "E46", "E47", "E48", "E5", "E6", "E7", "E8", "E9"], ALWAYS),
    "E17": (2021, 2025),
}
REASONS_FOR_CLOSURE = {
    **dict.fromkeys(["RC1", "RC2", "RC3", "RC4", "RC5", "RC6", "RC7", "RC8"], ALWAYS),
    "RC9": (2023, 2025),
}
REFERRAL_SOURCES = {
    **dict.fromkeys(["1A", "2A", "2B", "3A", "3F", "4", "5A", "5C", "6", "7", "8", "10"], ALWAYS),
    "5D": (2023, 2025),
}
FACTORS = {
    **dict.fromkeys(["1A", "2B", "3C", "10A", "22A", "23A"], ALWAYS),
    **dict.fromkeys(["18A", "19A"], (2019, 2020)),
    **dict.fromkeys(["18B", "18C", "19B", "19C"], (2021, 2025)),
    "24A": (2022, 2025),
}
AUTHORITIES = {
    **dict.fromkeys(["301", "815", "825", "933"], ALWAYS),
    **dict.fromkeys(["835", "836", "837"], (2019, 2019)),
    "928": (2019, 2021),
    "909": (2019, 2023),
    **dict.fromkeys(["838", "839"], (2020, 2025)),
    **dict.fromkeys(["940", "941"], (2022, 2025)),
    **dict.fromkeys(["942", "943"], (2024, 2025)),
}
NEEDS = dict.fromkeys(["N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8"], ALWAYS)
ABUSE = dict.fromkeys(["NEG", "PHY", "SAB", "EMO", "MUL"], ALWAYS)

ALL_CLA_COLUMNS = [
    *CLA_COLUMNS,
    "CLA_REASON_PLACE_CHANGE",
    "CLA_EPI_IDX",
    "CLA_CLA_6_MONTHS",
    "CLA_CLA_12_MONTHS",
    "CLA_CLA_LA",
]
POPULATION_COLUMNS = [
    "PupilMatchingRefAnonymous",
    "MoJUID",
    "YearOfBirth",
    "MonthOfBirth",
    "Gender",
    "EthnicGroupMajor",
    "LA",
]
ALL_CIN_COLUMNS = [
    *CIN_COLUMNS,
    "CIN_ReferralDate",
    "CIN_CINClosureDate",
    "CIN_CPPstartDate",
    "CIN_CPPendDate",
    "CIN_ReferralSource",
    "CIN_LA",
    "CIN_AssessmentFactors",
]


def _codes(codes: dict[str, tuple[int, int]], year: int) -> Iterator[str]:
    return cycle([code for code, (first, last) in codes.items() if first <= year <= last])


def _cla_rows(year: int) -> Iterator[list[object]]:
    """Every other child leaves care in the year; the others are still looked after."""
    placements, statuses = _codes(PLACEMENTS, year), _codes(LEGAL_STATUSES, year)
    reasons, authorities = _codes(REASONS_CEASED, year), _codes(AUTHORITIES, year)
    for number in range(ROWS_A_YEAR):
        start = date(year - 1, 5, 1) + timedelta(days=number)
        end = start + timedelta(days=120) if number % 2 else None
        days = ((end or date(year, 3, 31)) - start).days
        yield [
            f"M{year}{number}", f"{year - 1}/{year}", f"P{year}{number}", year, start,
            int(end is None), days, f"N{number % 8 + 1}", start, end or "",
            next(statuses), next(placements), next(reasons) if end else "-10",
            "CARPL", 1, 1, 0, next(authorities),
        ]  # fmt: skip


def _cin_rows(year: int) -> Iterator[list[object]]:
    """Every other referral is closed in the year and has no plan; the others stay open."""
    needs, abuse = _codes(NEEDS, year), _codes(ABUSE, year)
    reasons, sources = _codes(REASONS_FOR_CLOSURE, year), _codes(REFERRAL_SOURCES, year)
    factors, authorities = _codes(FACTORS, year), _codes(AUTHORITIES, year)
    for number in range(ROWS_A_YEAR):
        referral = date(year - 1, 5, 1) + timedelta(days=number)
        closure = referral + timedelta(days=120) if number % 2 else ""
        category = "" if closure else next(abuse)
        plan = "" if closure else referral + timedelta(days=30)
        plan_end = plan + timedelta(days=90) if plan and number % 4 else ""
        # The dictionary names this column up to 2019, so later it may be filled or not.
        previous_plans = "" if year % 2 == 0 else 0
        yield [
            f"M{year}{number}", f"{year - 1}/{year}", f"P{year}{number}", 0, int(not closure),
            "", category, category, previous_plans, next(needs),
            next(reasons) if closure else "", 10, 10, referral, closure, plan, plan_end,
            next(sources), next(authorities), next(factors),
        ]  # fmt: skip


def _write(path: Path, header: list[str], rows: Iterator[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _copy_later_years(made: Path, extracts: Path) -> None:
    """The files of schools and police, and the pupils in them, without the earlier years."""
    for year in YEARS:
        for path in made.glob(f"*_{year}*.csv"):
            if not path.name.startswith(("CLA", "CIN", "KS4")):
                shutil.copy(path, extracts)
    for name, year_column in (
        (f"KS4_2002_to_{YEARS[-1]}.csv", "KS4_ACADYR"),
        ("AP_Census.csv", "AP_ACADYR"),
    ):
        with (made / name).open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = [list(row.values()) for row in reader if row[year_column] >= "2018/2019"]
            _write(extracts / name, list(reader.fieldnames or ()), iter(rows))
    shutil.copy(made / "MOJ_PNC.csv", extracts)
    shutil.copy(made / "population.csv", extracts / "more_population.csv")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("later_years")
    extracts = folder / "extracts"
    extracts.mkdir()
    _write(
        extracts / "cla.csv", ALL_CLA_COLUMNS, (row for year in YEARS for row in _cla_rows(year))
    )
    _write(
        extracts / "cin.csv", ALL_CIN_COLUMNS, (row for year in YEARS for row in _cin_rows(year))
    )
    _write(
        extracts / "population.csv",
        POPULATION_COLUMNS,
        (
            [f"P{year}{number}", f"M{year}{number}", year - 11, 1, "", "", ""]
            for year in YEARS
            for number in range(ROWS_A_YEAR)
        ),
    )
    made = make(
        folder / "made", "--pupils", 1_500, "--seed", 7, "--datasets", "all", "--clean",
        "--until", YEARS[-1],
    )  # fmt: skip
    _copy_later_years(made, extracts)
    database = folder / "warehouse.duckdb"
    done = run_script("build", extracts, "--database", database)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def _rows(warehouse: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return warehouse.execute(query).fetchall()


def test_every_delivered_code_reached_the_warehouse(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for query, codes in (
        ("select distinct placement_code from marts.care_episode", PLACEMENTS),
        ("select distinct legal_status_code from marts.care_episode", LEGAL_STATUSES),
        (
            "select distinct reason_episode_ceased_code from marts.care_episode"
            " where reason_episode_ceased_code <> '-10'",
            REASONS_CEASED,
        ),
        ("select distinct local_authority_code from marts.care_episode", AUTHORITIES),
        (
            "select distinct reason_for_closure_code from marts.referral"
            " where reason_for_closure_code is not null",
            REASONS_FOR_CLOSURE,
        ),
        ("select distinct referral_source_code from marts.referral", REFERRAL_SOURCES),
        ("select distinct factor_code from marts.referral_factor", FACTORS),
    ):
        assert {row[0] for row in _rows(warehouse, query)} == set(codes)


def test_no_code_is_a_breach_of_its_list(warehouse: duckdb.DuckDBPyConnection) -> None:
    query = """
        select dataset, column_name, code
        from quality.code_list_breaches
        where breach <> 'used after it was withdrawn' or column_name not like '%local_authority%'
    """
    # A finding of not guilty is on no list of findings of guilt.
    assert _rows(warehouse, query) == [("offence", "adjudication_code", "N")]
    query = """
        select distinct code
        from quality.code_list_breaches
        where column_name like '%local_authority%'
    """
    # The generator knows no authorities that replaced others after 2018.
    assert {row[0] for row in _rows(warehouse, query)} <= {"835", "836", "837", "909", "928"}


def test_no_value_has_an_issue(warehouse: duckdb.DuckDBPyConnection) -> None:
    query = "select distinct issue from quality.value_issues"
    assert _rows(warehouse, query) == [("conviction of unknown severity",)]


@pytest.mark.parametrize(
    ("mart", "code", "label"),
    [
        ("care_episode", "placement_code", "placement_label"),
        ("care_episode", "legal_status_code", "legal_status_label"),
        ("care_episode", "reason_episode_ceased_code", "reason_episode_ceased_label"),
        ("care_episode", "category_of_need_code", "category_of_need_label"),
        ("referral", "primary_need_code", "primary_need_label"),
        ("referral", "reason_for_closure_code", "reason_for_closure_label"),
        ("referral", "referral_source_code", "referral_source_label"),
        ("referral_factor", "factor_code", "factor_label"),
        ("exclusion", "category_code", "category_label"),
        ("exclusion", "reason_code", "reason_label"),
        ("offence_occasion", "offence_group_code", "offence_group_label"),
        ("person_school_year", "sen_code", "sen_group"),
        ("person_school_year", "home_local_authority_code", "home_local_authority_label"),
    ],
)
def test_every_code_has_a_label(
    warehouse: duckdb.DuckDBPyConnection, mart: str, code: str, label: str
) -> None:
    query = f"select distinct {code} from marts.{mart} where {code} is not null and {label} is null"
    assert _rows(warehouse, query) == []
    assert _rows(warehouse, f"select count({label}) > 50 from marts.{mart}") == [(True,)]


@pytest.mark.parametrize(
    "series",
    [
        "looked after on 31 March",
        "started to be looked after",
        "ceased to be looked after",
        "adopted from care",
        "in need on 31 March",
        "referrals",
        "need episodes started",
        "need episodes ended",
        "plans on 31 March",
        "plans started",
    ],
)
def test_published_figures_reach_the_last_year(
    warehouse: duckdb.DuckDBPyConnection, series: str
) -> None:
    query = f"""
        select reporting_year
        from quality.published_comparison
        where series = '{series}' and published_value > 0 and n_counted > 0
        order by reporting_year
    """
    assert _rows(warehouse, query) == [(year,) for year in YEARS]


def test_no_column_is_filled_or_empty_against_expectation(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    query = """
        from quality.column_coverage
        where finding is not null and dataset in ('cla', 'cin', 'population')
    """
    assert _rows(warehouse, query) == []


def test_warnings_of_social_care_are_about_the_size_of_the_sample_alone(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    query = """
        select code
        from quality.warning
        where regexp_matches(message, '^(cla|cin|population)[.:]')
            and code <> 'datasets_share_no_pupil'
            or code = 'sample_of_unknown_size'
    """
    assert _rows(warehouse, query) == [("sample_of_unknown_size",)]


def test_every_later_year_has_its_outcomes(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Absence of 2019/20 was not shared, so nothing is known of it."""
    query = """
        select
            academic_year_end,
            count(*) filter (where in_census and year_group between 7 and 11) > 0,
            count(sessions_possible) > 0,
            count(*) filter (where n_suspensions > 0) > 0,
            count(*) filter (where n_suspensions = 0) > 0,
            count(*) filter (where is_end_of_ks4) > 0
        from marts.person_school_year
        where academic_year_end >= 2019
        group by academic_year_end
        order by academic_year_end
    """
    assert _rows(warehouse, query) == [
        (year, True, year != 2020, True, True, True) for year in YEARS
    ]
    query = """
        select distinct ks4_academic_year, ks4_regime
        from marts.person_outcome
        where ks4_level_2_english_maths is not null and ks4_attainment_rank is not null
        order by ks4_academic_year
    """
    assert _rows(warehouse, query) == [(f"{year - 1}/{year}", "D") for year in YEARS]
    query = """
        select academic_year_end, count(reason_code) = count(*)
        from marts.exclusion
        where academic_year_end >= 2019
        group by academic_year_end
        order by academic_year_end
    """
    # From 2020/21 an exclusion has up to three reasons; the first is the reason.
    assert _rows(warehouse, query) == [(year, True) for year in YEARS]
    query = "select max(year(first_offence_date)) >= 2023 from marts.offence_occasion"
    assert _rows(warehouse, query) == [(True,)]


def test_a_referral_to_early_help_is_not_an_episode_of_need(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    query = """
        select distinct is_need_episode
        from marts.referral
        where reason_for_closure_code in ('RC8', 'RC9')
    """
    assert _rows(warehouse, query) == [(False,)]
