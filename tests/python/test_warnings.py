"""What quality.warning says about extracts with serious faults, from files to the table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from commands import run_script
from test_later_years import CIN_COLUMNS, CLA_COLUMNS

ROWS = 40
N_NUMBERS = 3
N_PLACEHOLDERS = 20
N_IN_CENSUS = 18


def _write(
    path: Path, header: list[str], rows: list[dict[str, object]], delimiter: str = ","
) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header, restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def _cla_rows() -> list[dict[str, object]]:
    """Episodes whose dates are written month first."""
    starts = [date(2010, 5, 1) + timedelta(days=3 * number) for number in range(ROWS)]
    return [
        {
            "CLA_ACADYR": "2010/2011",
            "CLA_PupilMatchingRefAnonymous": f"CHILD{number:03}",
            "CLA_PROCESSING_YEAR": 2011,
            "CLA_CLA_31_MARCH": 1,
            "CLA_CAT_NEED": "N1",
            "CLA_DATE_EPI_COMM": f"{start:%m/%d/%Y}",
            "CLA_LEGAL_STATUS": "C2",
            "CLA_PLACEMENT": "Q2",
            "CLA_REC": "-10",
        }
        for number, start in enumerate(starts)
    ]


def _cin_rows() -> list[dict[str, object]]:
    """Referrals under another kind of identifier, some of them numbers, with unreadable flags."""
    return [
        {
            "CIN_ACADYR": "2010/2011",
            "CIN_PupilMatchingRefAnonymous": (
                "1.23457E+11" if number < N_NUMBERS else f"9900{number:03}"
            ),
            "CIN_ReferralNFA": 0,
            "CIN_CINat31March": "perhaps",
            "CIN_PrimaryNeedCode": "N1",
        }
        for number in range(ROWS)
    ]


def _census_rows() -> list[dict[str, object]]:
    """Census records of which most have a word for a missing identifier that is on no list."""
    pupils = [f"CHILD{number:03}" for number in range(N_IN_CENSUS)] + ["NOBODY"] * N_PLACEHOLDERS
    return [
        {
            "PupilMatchingRefAnonymous_SPR11": pupil,
            "AcademicYear_SPR11": "2010/2011",
            "NCyearActual_SPR11": number % 12,
        }
        for number, pupil in enumerate(pupils)
    ]


@pytest.fixture(scope="module")
def warnings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("warnings")
    extracts = folder / "extracts"
    extracts.mkdir()
    cla_columns = [name for name in CLA_COLUMNS if name != "CLA_EPI_IDX"]
    _write(extracts / "cla.csv", cla_columns, _cla_rows())
    # The same rows in another order, delivered again with tabs.
    _write(extracts / "cla.txt", cla_columns, _cla_rows()[::-1], delimiter="\t")
    _write(extracts / "cin.csv", CIN_COLUMNS, _cin_rows())
    _write(extracts / "census.csv", list(_census_rows()[0]), _census_rows())
    _write(extracts / "population.csv", ["PupilMatchingRefAnonymous", "MoJUID"], [])
    database = folder / "warehouse.duckdb"
    done = run_script("build", extracts, "--database", database)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def _rows(warnings: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return warnings.execute(query).fetchall()


def test_a_column_written_month_first_is_named_at_the_top(
    warnings: duckdb.DuckDBPyConnection,
) -> None:
    ((code, message),) = _rows(
        warnings, "select code, message from quality.warning where warning_order = 1"
    )
    assert code == "month_first_column"
    assert str(message).startswith("cla.episode_start_date: the dates have the month first")


def test_serious_faults_come_before_all_others(warnings: duckdb.DuckDBPyConnection) -> None:
    high = _rows(
        warnings,
        """
        select code
        from quality.warning
        where severity = 'high'
        order by warning_order
        """,
    )
    assert [code for (code,) in high] == [
        "month_first_column",
        "column_unreadable",
        "identifier_unreadable",
        "placeholder_identifier",
        "same_rows_in_files",
        "rows_mostly_repeated",
        "datasets_share_no_pupil",
        "unreadable_31_march_flag",
    ]
    order = _rows(
        warnings,
        """
        select severity, min(warning_order), max(warning_order)
        from quality.warning
        group by severity
        order by min(warning_order)
        """,
    )
    assert [severity for severity, _, _ in order] == ["high", "medium", "low"]
    assert all(int(str(before[2])) < int(str(after[1])) for before, after in pairwise(order))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "column_unreadable",
            f"cin.is_child_in_need_31_march: no value can be read ({ROWS} values),"
            " so the column is empty.",
        ),
        (
            "identifier_unreadable",
            f"cin.pupil_id: {N_NUMBERS} values cannot be used as an identifier"
            " (written as a number in scientific notation).",
        ),
        (
            "placeholder_identifier",
            f"census.pupil_id: one value is on {N_PLACEHOLDERS} of {N_PLACEHOLDERS + N_IN_CENSUS}"
            " rows, more than one person can have. It is probably a word for a missing identifier,"
            " and these rows count as one person. Make it blank in the files and build again.",
        ),
        (
            "same_rows_in_files",
            f"cla: cla.csv and cla.txt hold the same {ROWS} rows, which can count twice. Remove one"
            " of these files and build again.",
        ),
        (
            "rows_mostly_repeated",
            f"cla: {ROWS} of {2 * ROWS} rows are exact copies of other rows. Check that no file"
            " holds rows of another one.",
        ),
        (
            "datasets_share_no_pupil",
            "cla and cin: no pupil reference is in both. Check that both hold the same kind of"
            " identifier.",
        ),
        (
            "unreadable_31_march_flag",
            f"{ROWS - N_NUMBERS} persons whose 31 March flags cannot be read. It is unknown"
            " whether they were in need or only referred.",
        ),
        ("header_only", "population: 1 file with a header but no rows."),
        (
            "no_rows_population",
            "population: no rows were delivered, so only pupils in another dataset are persons.",
        ),
    ],
)
def test_each_fault_is_reported(
    warnings: duckdb.DuckDBPyConnection, code: str, message: str
) -> None:
    found = _rows(warnings, f"select message from quality.warning where code = '{code}'")
    assert found == [(message,)]


def test_empty_optional_columns_come_last(warnings: duckdb.DuckDBPyConnection) -> None:
    query = "select code from quality.warning order by warning_order desc limit 1"
    assert _rows(warnings, query) == [("optional_column_empty",)]


def test_persons_without_readable_flags_are_in_no_known_category(
    warnings: duckdb.DuckDBPyConnection,
) -> None:
    query = """
        select distinct is_child_in_need, referral_only_by_31_march
        from marts.person_highest_intervention
        where in_cin
    """
    assert _rows(warnings, query) == [(None, None)]
