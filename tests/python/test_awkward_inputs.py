"""Awkward rows that people meet in real extracts, from files to marts by the command line.

Each case has pupils of its own, so that two builds serve them all: one of a delivery that shows
every episode, one of a delivery that shows the latest episode of each year.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from commands import run_script

Row = dict[str, str]

WORDS_FOR_NOTHING = [
    "NULL", "NA", "N/A", ".", "nan", "NaT", "None", "<NA>", "#N/A", "#NULL!", "(null)", "\\N", ".a",
    ".z", "-", "--",
]  # fmt: skip

# Enough ordinary children that the share of child-years with several episodes shows the release.
N_ORDINARY = 400


def cla(pupil: str, year: int, start: str, end: str = "", reason: str = "", **other: str) -> Row:
    """A looked after row, ordinary except for what is given. The flag of 31 March fits the end."""
    is_open = not end or end > f"{year}-03-31"
    return {
        "MoJUID": "",
        "CLA_ACADYR": f"{year - 1}/{year}",
        "CLA_PupilMatchingRefAnonymous": pupil,
        "CLA_PROCESSING_YEAR": str(year),
        "CLA_POC_START": start,
        "CLA_CLA_31_MARCH": "1" if is_open else "0",
        "CLA_POC_LENGTH": "",
        "CLA_CAT_NEED": "N1",
        "CLA_DATE_EPI_COMM": start,
        "CLA_DATE_EPI_CEASED": end,
        "CLA_LEGAL_STATUS": "C2",
        "CLA_PLACEMENT": "U6",
        "CLA_REC": reason,
        "CLA_CLA_LA": "301",
    } | {name if name == "MoJUID" else f"CLA_{name}": value for name, value in other.items()}


def cin(pupil: str, year: int, referral: str = "", closure: str = "", **other: str) -> Row:
    """A children in need row: ordinary except for what is given."""
    is_open = not closure or closure > f"{year}-03-31"
    return {
        "MoJUID": "",
        "CIN_ACADYR": f"{year - 1}/{year}",
        "CIN_PupilMatchingRefAnonymous": pupil,
        "CIN_ReferralNFA": "0",
        "CIN_CINat31March": "1" if is_open else "0",
        "CIN_CategoryOfAbuse": "",
        "CIN_InitialCategoryOfAbuse": "",
        "CIN_LatestCategoryOfAbuse": "",
        "CIN_NumberOfPreviousCPP": "0",
        "CIN_PrimaryNeedCode": "N1",
        "CIN_ReasonForClosure": "RC1" if closure else "",
        "CIN_AgeStartOfCINPeriod": "5",
        "CIN_AgeEndOfCINPeriod": "6",
        "CIN_ReferralDate": referral,
        "CIN_CINClosureDate": closure,
        "CIN_CPPstartDate": "",
        "CIN_CPPendDate": "",
        "CIN_LA": "301",
    } | {f"CIN_{name}": value for name, value in other.items()}


MOVED_ON_ARRIVAL = [
    cla("moved on the day of arrival", 2012, "2011-05-01", "2011-05-01", "X1", PLACEMENT="H5"),
    cla("moved on the day of arrival", 2012, "2011-05-01"),
]
TWO_AUTHORITIES = [
    cla("two authorities", 2012, "2011-05-01", "2011-06-01", "E3"),
    cla("two authorities", 2012, "2011-05-01", CLA_LA="302"),
]
CLA_OF_BOTH_RELEASES = [
    *MOVED_ON_ARRIVAL,
    *TWO_AUTHORITIES,
    cla("overlap", 2012, "2011-06-01", "2011-09-01", "E3"),
    cla("overlap", 2012, "2011-08-01", "2011-11-01", "E4A", CLA_LA="302"),
    cla("start corrected", 2011, "2010-06-10"),
    cla("start corrected", 2012, "2010-06-11", "2011-07-01", "E4A", POC_START="2010-06-10"),
    cla("never seen again", 2011, "2010-06-10"),
    cla("end corrected", 2011, "2010-05-01", "2010-09-01", "X1"),
    cla("end corrected", 2012, "2010-05-01"),
    cla("end after the year", 2012, "2011-05-01", "2012-06-01", "E4A"),
    cla("reason without an end", 2012, "2011-05-01", "", "E4A"),
    cla("end without a reason", 2012, "2011-05-01", "2011-07-01"),
    cla("stale period start", 2011, "2009-05-01", "2010-06-10", "E4A"),
    cla("stale period start", 2012, "2011-09-01", "2011-12-01", "E4A", POC_START="2009-05-01"),
    cla("start of 1970", 2012, "1970-01-01", "2011-08-01", "E4A"),
    cla("start of 1960", 2012, "1960-01-01", "2011-08-01", "E4A", POC_START="2011-06-01"),
    cla("longer than a childhood", 2012, "1991-05-01", "2011-08-01", "E4A"),
    cla("described codes", 2012, "2011-05-01", LEGAL_STATUS="C2 - Full care order"),
    cla("described short break", 2012, "2011-05-01", LEGAL_STATUS="V3 - short term breaks"),
    cla("minus ten", 2012, "2011-05-01", "2011-06-01", "-10.00"),
    cla("minus ten in brackets", 2012, "2011-05-01", "2011-06-01", "(10)"),
    cla("nan", 2012, "2011-05-01"),
    cla("None", 2012, "2011-05-01"),
    cla("<NA>", 2012, "2011-05-01"),
    cla("#N/A", 2012, "2011-05-01"),
    cla("--", 2012, "2011-05-01"),
    cla("1000", 2012, "2011-05-01"),
    cla("1,23457E+11", 2012, "2011-05-01"),
    cla("Total", 2012, "2011-05-01"),
    cla("(8 rows affected)", 2012, "2011-05-01"),
    cla("-9", 2012, "2011-05-01"),
    cla("<missing>", 2012, "2011-05-01"),
    cla("1.23457E+11", 2012, "2011-05-01"),
    cla("UNKNOWN", 2012, "2011-05-01"),
    cla("Source: survey", 2012, "2011-05-01"),
    cla("b''", 2012, "2011-05-01"),
    cla("'quoted'", 2012, '="01/05/2011"', POC_START="'2011-05-01", LEGAL_STATUS="b'V3'"),
]
CLA_OF_ALL_EPISODES = [
    *(
        cla(
            f"word {number}",
            2012,
            "2011-05-01",
            word,
            word,
            MoJUID=word,
            CLA_LA=word,
            PLACEMENT=word,
            LEGAL_STATUS=word.swapcase(),
            CAT_NEED=f" {word} ",
        )
        for number, word in enumerate(WORDS_FOR_NOTHING)
    ),
    cla("two moves at once", 2012, "2011-06-08", "2011-06-09", "X1", PLACEMENT="H5"),
    cla("two moves at once", 2012, "2011-06-08", "2011-06-10", "E4A"),
    cla("gap after an open row", 2011, "2010-05-01"),
    cla("gap after an open row", 2012, "2011-08-20", "2012-02-01", "E4A", POC_START="2010-05-01"),
]
CIN_ROWS = [
    cin("no evidence", 2010, "2009-05-01", "2009-07-01", CategoryOfAbuse="nan"),
    cin("no evidence", 2010, "2009-05-01", "2009-07-01", CategoryOfAbuse="#NULL!"),
    cin("not on the list", 2010, "2009-05-01", "2009-07-01", CategoryOfAbuse="NONE"),
    cin("listed second", 2013, "2012-05-01", CategoryOfAbuse="X", InitialCategoryOfAbuse="NEG"),
    cin("flag of minus one", 2012, "2011-05-01", CINat31March="-1"),
    cin("flag of 1.00", 2012, "2011-05-01", CINat31March="1.00"),
    cin("quoted", 2012, "2011-05-01", CINat31March='="1"', CategoryOfAbuse="''"),
    cin("plan of 1985", 2012, "2011-05-01", CPPstartDate="1985-06-01"),
    cin("flag of 01", 2012, "2011-05-01", CINat31March="01"),
    cin("unreadable flag", 2012, "2011-05-01", CINat31March="perhaps"),
    cin("no case and need with plan", 2012, "2011-05-01", "2011-05-01", ReferralNFA="1",
        ReasonForClosure="RC8", CINat31March="0"),
    cin("no case and need with plan", 2012, "2011-05-01", LA="302", CPPstartDate="2011-06-01",
        InitialCategoryOfAbuse="NEG"),
    cin("reopened", 2012, "2011-05-01", "2011-09-01"),
    cin("reopened", 2013, "2011-05-01"),
    cin("second plan is open", 2012, "2011-05-01", CPPstartDate="2011-06-01",
        CPPendDate="2011-08-01", InitialCategoryOfAbuse="NEG"),
    cin("second plan is open", 2013, "2011-05-01", CPPstartDate="2012-12-01",
        InitialCategoryOfAbuse="EMO"),
    cin("referral corrected", 2012, "2011-05-01"),
    cin("referral corrected", 2013, "2011-05-02", "2012-09-01"),
    cin("referral after the year", 2012, "2015-05-01"),
    cin('="1000.0"', 2012, "2011-05-01"),
    cin("flag of 0.0004", 2012, "2011-05-01", CINat31March="0.0004"),
    cin("year of 201112.0", 2012, "2011-05-01", ACADYR="201112.0"),
    cin("year of 2011/2", 2012, "2011-05-01", ACADYR="2011/2"),
    cin("described reason", 2012, "2011-05-01", "2011-06-01",
        ReasonForClosure="RC8 - no further action", CINat31March="0"),
]  # fmt: skip
DATES_OF_1_MAY_2011 = [
    "2011-05-01T00:00:00Z", "2011-05-01T00:00:00.000+01:00", "20110501", "2011/05/01",
    "2011-5-1", "01.05.2011", "01 May 2011", "1may2011", "01may2011 00:00:00",
    "May  1 2011 12:00AM", "01/05/2011 12:00:00 AM", "2011-05-01 00:00:00.0000000",
]  # fmt: skip
DATES_OF_NO_DAY = [
    "40664",
    "01/05/11",
    "05/13/2011",
    "2011-05-01 24:00",
    "1970-01-01",
    "1899-12-30",
]
POPULATION = [
    {
        "PupilMatchingRefAnonymous": "two births",
        "MoJUID": "",
        "YearOfBirth": year,
        "MonthOfBirth": month,
    }
    for year, month in (("1999", "12"), ("1999", "12"), ("2000", "1"))
]


def dated() -> Iterator[Row]:
    for text in (*DATES_OF_1_MAY_2011, *DATES_OF_NO_DAY):
        yield cla(f"date {text}", 2012, text, POC_START="") | {"CLA_CLA_31_MARCH": "1"}


def ordinary(*, several_episodes: bool) -> Iterator[Row]:
    for number in range(N_ORDINARY):
        yield cla(f"ordinary {number}", 2010, "2009-05-01", "2009-06-01", "E4A")
        if several_episodes:
            yield cla(f"ordinary {number}", 2010, "2009-08-01", "2009-09-01", "E4A")


def write(path: Path, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def built(folder: Path, cla_rows: Iterable[Row]) -> duckdb.DuckDBPyConnection:
    extracts = folder / "extracts"
    extracts.mkdir()
    write(extracts / "cla.csv", cla_rows)
    write(extracts / "cin.csv", CIN_ROWS)
    write(extracts / "population.csv", POPULATION)
    done = run_script("build", extracts, "--database", folder / "warehouse.duckdb")
    assert done.returncode == 0, done.stdout + done.stderr
    return duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)


@pytest.fixture(scope="module")
def all_rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    rows = [*CLA_OF_BOTH_RELEASES, *CLA_OF_ALL_EPISODES, *ordinary(several_episodes=True), *dated()]
    with built(tmp_path_factory.mktemp("all"), rows) as connection:
        yield connection


@pytest.fixture(scope="module")
def latest_rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    rows = [*CLA_OF_BOTH_RELEASES, *ordinary(several_episodes=False)]
    with built(tmp_path_factory.mktemp("latest"), rows) as connection:
        yield connection


CARE = """
    select
        any_value(person.care_days_observed),
        count(episode.care_episode_id),
        coalesce(bool_or(episode.is_censored), false)
    from marts.person_highest_intervention as person
    left join marts.care_episode as episode using (pupil_id)
    where person.pupil_id = ?
"""
# Days in care, episodes, whether one is still open.
CARE_IN_BOTH_RELEASES = {
    "overlap": (153, 2, False),
    "start corrected": (386, 1, False),
    "never seen again": (294, 1, True),
    "end corrected": (700, 1, True),
    "end after the year": (335, 1, True),
    "reason without an end": (335, 1, True),
    "end without a reason": (61, 1, False),
    "stale period start": (405 + 91, 2, False),
    "start of 1970": (0, 0, False),
    "longer than a childhood": (0, 0, False),
    "described codes": (335, 1, True),
    "minus ten": (335, 1, True),
    "minus ten in brackets": (335, 1, True),
    "1000": (335, 1, True),
    "quoted": (335, 1, True),
}


@pytest.mark.parametrize(("pupil", "expected"), CARE_IN_BOTH_RELEASES.items())
def test_care_is_the_same_in_both_releases(pupil, expected, all_rows, latest_rows) -> None:
    for connection in (all_rows, latest_rows):
        assert connection.execute(CARE, [pupil]).fetchone() == expected


@pytest.mark.parametrize(
    ("pupil", "of_all", "of_latest"),
    [
        ("moved on the day of arrival", (335, 2, True), (335, 1, True)),
        ("two authorities", (335, 2, True), (335, 1, True)),
    ],
)
def test_two_records_of_one_start(pupil, of_all, of_latest, all_rows, latest_rows) -> None:
    assert all_rows.execute(CARE, [pupil]).fetchone() == of_all
    assert latest_rows.execute(CARE, [pupil]).fetchone() == of_latest


def test_two_ended_records_of_one_start_are_two_episodes(all_rows) -> None:
    assert all_rows.execute(CARE, ["two moves at once"]).fetchone() == (2, 2, False)
    placements = all_rows.execute(
        "select n_placement_types from marts.person_highest_intervention where pupil_id = ?",
        ["two moves at once"],
    ).fetchone()
    assert placements == (2,)


def test_placement_days_never_exceed_care_days(all_rows, latest_rows) -> None:
    for connection in (all_rows, latest_rows):
        too_long = connection.execute("""
            select placement.pupil_id
            from marts.person_placement as placement
            inner join marts.person_highest_intervention as person using (pupil_id)
            group by placement.pupil_id, person.care_days_observed
            having sum(placement.placement_days) > person.care_days_observed
        """).fetchall()
        assert too_long == []


def test_an_open_placement_lasts_to_the_next_one(all_rows) -> None:
    days = all_rows.execute(
        "select sum(placement_days) from marts.person_placement where pupil_id = ?",
        ["gap after an open row"],
    ).fetchone()
    in_care = all_rows.execute(CARE, ["gap after an open row"]).fetchone()
    assert in_care is not None
    assert days == (in_care[0],)


def test_a_described_short_break_is_one(all_rows) -> None:
    flags = all_rows.execute(
        "select is_short_break from marts.care_episode where pupil_id = 'described short break'"
    ).fetchone()
    assert flags == (True,)


@pytest.mark.parametrize("text", DATES_OF_1_MAY_2011)
def test_a_day_is_read_in_every_form(text, all_rows) -> None:
    start = all_rows.execute(
        "select episode_start_date from marts.care_episode where pupil_id = ?", [f"date {text}"]
    ).fetchone()
    assert start == (date(2011, 5, 1),)


@pytest.mark.parametrize("text", DATES_OF_NO_DAY)
def test_what_is_no_day_is_none_and_counted(text, all_rows) -> None:
    episodes = all_rows.execute(CARE, [f"date {text}"]).fetchone()
    assert episodes == (0, 0, False)


@pytest.mark.parametrize(
    "word",
    [
        "nan",
        "None",
        "<NA>",
        "#N/A",
        "--",
        "1.23457E+11",
        "1000.0",
        '="1000.0"',
        "-9",
        "<missing>",
        "1,23457E+11",
        "Total",
        "(8 rows affected)",
        "UNKNOWN",
        "Source: survey",
        "b''",
        "'quoted'",
    ],
)
def test_no_word_for_nothing_is_a_person(word, all_rows) -> None:
    persons = all_rows.execute(
        "select count(*) from marts.person_highest_intervention where pupil_id = ?", [word]
    ).fetchone()
    assert persons == (0,)


def test_no_word_for_nothing_is_a_value_of_any_column(all_rows) -> None:
    words = [word.lower() for word in WORDS_FOR_NOTHING]
    columns = all_rows.execute("""
        select schema_name, table_name, column_name
        from duckdb_columns()
        where schema_name in ('staging', 'marts') and data_type = 'VARCHAR'
    """).fetchall()
    assert len(columns) > 100
    for schema, table, column in columns:
        found = all_rows.execute(
            f'select count(*) from {schema}.{table} where lower(trim("{column}")) in'
            " (select unnest(?))",
            [words],
        ).fetchone()
        assert found == (0,), (table, column)


def test_quotes_of_programs_are_no_part_of_a_value(all_rows) -> None:
    person = all_rows.execute(
        "select in_cla, in_cin, is_child_in_need, cpp_by_abuse_category"
        " from marts.person_highest_intervention where pupil_id = 'quoted'"
    ).fetchall()
    assert person == [(True, True, True, False)]
    is_short_break = "select is_short_break from marts.care_episode where pupil_id = 'quoted'"
    assert all_rows.execute(is_short_break).fetchall() == [(True,)]


def test_an_identifier_that_went_through_a_number_is_one_person(all_rows) -> None:
    person = all_rows.execute(
        "select in_cla, in_cin from marts.person_highest_intervention where pupil_id = '1000'"
    ).fetchall()
    assert person == [(True, True)]


PERSON = "select {} from marts.person_highest_intervention where pupil_id = ?"


@pytest.mark.parametrize(
    ("pupil", "column", "expected"),
    [
        ("no evidence", "cpp_by_abuse_category", False),
        ("not on the list", "cpp_by_abuse_category", False),
        ("listed second", "cpp_by_abuse_category", True),
        ("flag of minus one", "is_child_in_need", True),
        ("flag of 1.00", "is_child_in_need", True),
        ("flag of 01", "is_child_in_need", True),
        ("unreadable flag", "is_child_in_need", None),
        ("flag of 0.0004", "is_child_in_need", None),
        ("unreadable flag", "referral_only_by_31_march", None),
        ("year of 201112.0", "years_child_in_need", 1),
        ("year of 2011/2", "years_child_in_need", 1),
    ],
)
def test_evidence_of_need(pupil, column, expected, all_rows) -> None:
    assert all_rows.execute(PERSON.format(column), [pupil]).fetchone() == (expected,)


REFERRALS = """
    select referral_date, closure_date, is_need_episode, cpp_start_date, cpp_end_date
    from marts.referral
    where pupil_id = ?
    order by is_need_episode
"""


@pytest.mark.parametrize(
    ("pupil", "expected"),
    [
        (
            "no case and need with plan",
            [
                (date(2011, 5, 1), date(2011, 5, 1), False, None, None),
                (date(2011, 5, 1), None, True, date(2011, 6, 1), None),
            ],
        ),
        ("reopened", [(date(2011, 5, 1), None, True, None, None)]),
        (
            "second plan is open",
            [(date(2011, 5, 1), None, True, date(2012, 12, 1), None)],
        ),
        ("referral corrected", [(date(2011, 5, 2), date(2012, 9, 1), True, None, None)]),
        ("plan of 1985", [(date(2011, 5, 1), None, True, None, None)]),
        ("described reason", [(date(2011, 5, 1), date(2011, 6, 1), False, None, None)]),
    ],
)
def test_a_referral_is_made_of_rows_that_agree(pupil, expected, all_rows) -> None:
    assert all_rows.execute(REFERRALS, [pupil]).fetchall() == expected


def test_a_birth_is_one_that_was_delivered(all_rows) -> None:
    birth = all_rows.execute(
        "select year_of_birth, month_of_birth from intermediate.int_pupil"
        " where pupil_id = 'two births'"
    ).fetchall()
    assert birth == [(1999, 12)]


@pytest.mark.parametrize(
    ("dataset", "column"),
    [
        ("cla", "episode_start_date"),
        ("cla", "period_of_care_start_date"),
        ("cin", "referral_date"),
        ("cin", "is_child_in_need_31_march"),
        ("cla", "pupil_id"),
    ],
)
def test_what_cannot_be_read_or_contradicts_itself_is_counted(dataset, column, all_rows) -> None:
    issues = all_rows.execute(
        "select count(*) from quality.value_issues where dataset = ? and column_name = ?",
        [dataset, column],
    ).fetchone()
    assert issues is not None
    assert issues[0] > 0
