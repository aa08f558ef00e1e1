"""The comparison of engines sees every way in which two builds can differ."""

from __future__ import annotations

import shutil

import duckdb
import pytest
from engine_comparison import compare_engines

MADE = """
    create schema marts;
    create schema raw;
    create table raw.left_out as select 1 as a;
    create table marts.person as
    select *
    from (values
        ('P1', 'low'::enum('low', 'high'), 0.1::double, date '2012-02-29', 1),
        ('P1', 'low', 0.1, date '2012-02-29', 1),
        ('P2', 'high', null, null, null)
    ) as persons(pupil_id, category, share, first_date, n);
    create view marts.left_out as from marts.person;
    create table marts.empty as select 1 as a where false;
"""
ALIKE = "select pupil_id, category::varchar as category, share, first_date, n from marts.person"


@pytest.fixture
def compared(tmp_path):
    """Compares a database with a warehouse whose table of persons is a query on it."""
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute(MADE)

    def run(persons: str = ALIKE, change=lambda folder: None) -> dict[str, str]:
        with duckdb.connect(database, read_only=True) as connection:
            for table, query in (("person", persons), ("empty", "from marts.empty")):
                folder = tmp_path / "marts.db" / table
                folder.mkdir(parents=True)
                connection.execute(f"copy ({query}) to '{folder}/part-0.parquet'")
        change(tmp_path / "marts.db")
        found = compare_engines(database, tmp_path)
        return {table.table: "; ".join(table.differences) for table in found}

    return run


def test_the_same_rows_in_another_order_are_alike(compared):
    tables = compared(f"{ALIKE} order by pupil_id desc")
    assert tables == {"marts.empty": "", "marts.person": ""}


@pytest.mark.parametrize(
    ("persons", "difference"),
    [
        (f"{ALIKE} where pupil_id = 'P1'", "1 of 3 rows only in DuckDB, 0 of 2"),
        (f"{ALIKE} union all {ALIKE} where n is null", "0 of 3 rows only in DuckDB, 1 of 4"),
        (f"select distinct * from ({ALIKE})", "1 of 3 rows only in DuckDB, 0 of 2"),
        (f"select * replace (coalesce(n, 0) as n) from ({ALIKE})", "1 of 3 rows only in DuckDB, 1"),
        (f"select * replace (share + 1e-17 as share) from ({ALIKE})", "2 of 3 rows"),
        (f"select * replace (upper(category) as category) from ({ALIKE})", "3 of 3 rows"),
        (f"select * exclude (n) from ({ALIKE})", "column n missing"),
        (f"select *, 1 as more from ({ALIKE})", "column more added"),
        (f"select * replace (n::bigint as n) from ({ALIKE})", "column n was INTEGER, is BIGINT"),
        (f"select n, * exclude (n) from ({ALIKE})", "columns in another order"),
    ],
    ids=[
        *("a row less", "a row more", "a copy less", "0 for NULL", "the last digit", "a word"),
        *("a column less", "a column more", "another type", "another order"),
    ],
)
def test_a_difference_is_described(compared, persons, difference):
    tables = compared(persons)
    assert tables["marts.person"].startswith(difference)
    assert not tables["marts.empty"]


def test_a_table_of_one_engine_is_a_difference(compared):
    tables = compared(change=lambda folder: (folder / "empty").rename(folder / "other"))
    assert tables["marts.empty"] == "only in DuckDB"
    assert tables["marts.other"] == "only in Spark"


def test_a_warehouse_without_files_is_all_difference(compared):
    assert set(compared(change=shutil.rmtree).values()) == {"only in DuckDB"}
