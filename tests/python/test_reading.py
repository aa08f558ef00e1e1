"""How a warehouse is read: the order of the categories, and which programs can read it."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

CATEGORIES = [
    "no social care contact",
    "referral only",
    "child in need",
    "child protection plan",
    "child looked after",
]


@pytest.fixture(scope="module")
def warehouse(default_warehouse: Path):
    with duckdb.connect(str(default_warehouse), read_only=True) as connection:
        yield connection


def test_categories_are_ordered_in_sql(warehouse: duckdb.DuckDBPyConnection) -> None:
    ordered = warehouse.sql(
        "select distinct highest_intervention from marts.person_highest_intervention order by 1"
    ).fetchall()
    assert [category for (category,) in ordered] == CATEGORIES
    highest = warehouse.sql(
        "select max(highest_intervention) from marts.person_highest_intervention"
    ).fetchall()
    assert highest == [("child looked after",)]


def test_a_bare_text_compares_as_text_and_the_rank_does_not(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Pins how DuckDB behaves: the documentation warns of it, and must hear if it changes."""
    by_text, by_cast, by_rank, n_untouched = warehouse.sql("""
        select
            count(*) filter (where highest_intervention >= 'child in need'),
            count(*) filter (
                where highest_intervention >= cast('child in need' as enum(
                    'no social care contact', 'referral only', 'child in need',
                    'child protection plan', 'child looked after'
                ))
            ),
            count(*) filter (where highest_intervention_rank >= 2),
            count(*) filter (where highest_intervention_rank <= 1)
        from marts.person_highest_intervention
    """).fetchall()[0]
    assert by_cast == by_rank
    assert by_text == by_rank + n_untouched


def test_pandas_gets_an_ordered_categorical(warehouse: duckdb.DuckDBPyConnection) -> None:
    persons = warehouse.sql("from marts.person_highest_intervention").df()
    dtype = persons["highest_intervention"].dtype
    assert dtype.ordered
    assert list(dtype.categories) == CATEGORIES
    in_need_or_higher = (persons["highest_intervention"] >= "child in need").sum()
    assert in_need_or_higher == (persons["highest_intervention_rank"] >= 2).sum()
    assert persons["highest_intervention"].max() == "child looked after"


def test_polars_and_arrow_read_every_mart(warehouse: duckdb.DuckDBPyConnection) -> None:
    marts = warehouse.sql(
        "select table_name, estimated_size from duckdb_tables() where schema_name = 'marts'"
    ).fetchall()
    assert len(marts) >= 4
    for name, n_rows in marts:
        assert warehouse.sql(f"from marts.{name}").pl().height == n_rows
        assert warehouse.sql(f"from marts.{name}").to_arrow_table().num_rows == n_rows


def test_the_file_can_be_read_by_duckdb_1_4(default_warehouse: Path) -> None:
    """The file holds the version: 64 is the storage of 1.x, and 'v1.4.0' what it may use."""
    with duckdb.connect(str(default_warehouse), read_only=True) as connection:
        tags = connection.sql(
            "select tags from duckdb_databases() where database_name = 'warehouse'"
        ).fetchall()[0][0]
    assert tags["storage_version"].startswith("v1.4.0")


def test_views_work_in_a_copy_under_another_name(default_warehouse: Path, tmp_path: Path) -> None:
    """A view that names the database file would break there, opened or attached.

    DuckDB 2.0 can wait for ever where a view reads a CTE twice and the query has a limit.
    """
    copy = tmp_path / "copy.duckdb"
    shutil.copy(default_warehouse, copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        views = connection.execute(
            "select schema_name || '.' || view_name from duckdb_views() where not internal"
        ).fetchall()
        assert views
        for (view,) in views:
            connection.execute(f"from {view} limit 1").fetchall()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{copy}' as attached (read_only)")
        for (view,) in views:
            connection.execute(f"from attached.{view} limit 1").fetchall()


READINGS = """
    select
        {0}staging.read_date('01APR2005') = date '2005-04-01',
        {0}staging.read_date('2011-04-30T23:00:00Z') = date '2011-05-01',
        {0}staging.read_identifier('1000.0') = '1000',
        {0}staging.read_code('C2 - Full care order') = 'C2',
        {0}staging.read_flag('-1'),
        {0}staging.read_academic_year_start('2005/06') = 2005,
        {0}staging.clean_text('#N/A') is null,
        {0}staging.clean_text('\\N') is null
"""


def test_reading_functions_work_in_a_renamed_and_in_an_attached_warehouse(
    default_warehouse: Path, tmp_path: Path
) -> None:
    renamed = tmp_path / "renamed.duckdb"
    shutil.copyfile(default_warehouse, renamed)
    with duckdb.connect(str(renamed), read_only=True) as connection:
        assert all(connection.sql(READINGS.format("")).fetchall()[0])
    with duckdb.connect() as connection:
        connection.execute(f"attach '{renamed}' as other (read_only)")
        assert all(connection.sql(READINGS.format("other.")).fetchall()[0])
