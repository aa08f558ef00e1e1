"""The comparison of engines sees every way in which two builds can differ."""

from __future__ import annotations

import shutil

import duckdb
import pytest
from engine_comparison import compare

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
    create table marts.empty as select 1 as a where false;
"""
ALIKE = "select pupil_id, category::varchar as category, share, first_date, n from marts.person"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("engines") / "warehouse.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(MADE)
    return path


@pytest.fixture
def compared(database, tmp_path):
    """Compares the database with a warehouse whose table of persons is a query on it."""

    def run(persons: str):
        with duckdb.connect(database, read_only=True) as connection:
            for table, query in (("person", persons), ("empty", "from marts.empty")):
                folder = tmp_path / "marts.db" / table
                folder.mkdir(parents=True)
                connection.execute(f"copy ({query}) to '{folder}/part-0.parquet'")
        return {table.table: table for table in compare(database, tmp_path)}

    return run


def test_the_same_rows_in_another_order_are_alike(compared):
    tables = compared(f"{ALIKE} order by pupil_id desc")
    assert list(tables) == ["marts.empty", "marts.person"]
    assert all(table.is_alike for table in tables.values())
    assert (tables["marts.person"].n_duckdb, tables["marts.person"].n_spark) == (3, 3)


@pytest.mark.parametrize(
    ("persons", "only_duckdb", "only_spark"),
    [
        (f"{ALIKE} where pupil_id = 'P1'", 1, 0),
        (f"{ALIKE} union all {ALIKE} where pupil_id = 'P2'", 0, 1),
        (f"select distinct * from ({ALIKE})", 1, 0),
        (f"select * replace (coalesce(n, 0) as n) from ({ALIKE})", 1, 1),
        (f"select * replace (share + 1e-17 as share) from ({ALIKE})", 2, 2),
        (f"select * replace (upper(category) as category) from ({ALIKE})", 3, 3),
    ],
    ids=["a row less", "a row more", "a copy less", "0 for NULL", "the last digit", "a word"],
)
def test_other_values_are_counted(compared, persons, only_duckdb, only_spark):
    person = compared(persons)["marts.person"]
    assert not person.is_alike
    assert (person.only_duckdb, person.only_spark) == (only_duckdb, only_spark)


@pytest.mark.parametrize(
    ("persons", "columns"),
    [
        (f"select * exclude (n) from ({ALIKE})", ("n",)),
        (f"select *, 1 as more from ({ALIKE})", ("more",)),
        (f"select * replace (n::bigint as n) from ({ALIKE})", ("n",)),
        (f"select n, * exclude (n) from ({ALIKE})", ("their order",)),
    ],
    ids=["a column less", "a column more", "another type", "another order"],
)
def test_other_columns_are_named(compared, persons, columns):
    person = compared(persons)["marts.person"]
    assert not person.is_alike
    assert person.differing_columns == columns


def test_a_table_of_one_engine_is_a_difference(compared, database, tmp_path):
    compared(ALIKE)
    (tmp_path / "marts.db" / "empty").rename(tmp_path / "marts.db" / "other")
    tables = {table.table: table for table in compare(database, tmp_path)}
    assert not tables["marts.empty"].is_alike
    assert tables["marts.empty"].n_spark is None
    assert not tables["marts.other"].is_alike
    assert tables["marts.other"].n_duckdb is None


def test_a_warehouse_without_files_is_all_difference(compared, database, tmp_path):
    compared(ALIKE)
    shutil.rmtree(tmp_path / "marts.db")
    assert [table.is_alike for table in compare(database, tmp_path)] == [False, False]
