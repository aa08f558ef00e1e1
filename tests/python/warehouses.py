"""Comparing warehouses."""

from __future__ import annotations

from pathlib import Path

import duckdb


def contents(database: Path, *schemas: str) -> dict[str, list[tuple]]:
    """Every row of every table of the schemas, sorted, by table name.

    What depends on the files and the time of a load (names, lines, hashes) is left out by leaving
    out raw and staging; some tables of quality name files, so their rows are summed.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in"
            " (select unnest(?)) order by all",
            [list(schemas)],
        ).fetchall()
        return {
            f"{schema}.{table}": connection.sql(_rows_of(schema, table)).fetchall()
            for schema, table in tables
        }


def bytes_of_marts(database: Path) -> dict[str, bytes]:
    """Each mart as CSV, its rows in order of their columns, by table name."""
    with duckdb.connect(str(database), read_only=True) as connection:
        marts = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
        exported = {}
        for (mart,) in marts:
            path = database.with_name(f"{database.stem} {mart}.csv")
            connection.execute(f"copy (from marts.{mart} order by all) to '{path}' (header)")
            exported[mart] = path.read_bytes()
            path.unlink()
        return exported


def _rows_of(schema: str, table: str) -> str:
    if table in ("row_accounting", "row_outcome", "row_use"):
        return (
            "select dataset, step, outcome, is_kept, sum(n_rows) from"
            f" {schema}.{table} group by all order by all"
        )
    return f"from {schema}.{table} order by all"
