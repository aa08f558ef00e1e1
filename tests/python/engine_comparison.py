"""What one engine built against what another built, row for row and value for value.

Everything is read by DuckDB, the other engine's tables from the Parquet files that it wrote. Each
value is compared as DuckDB's text of it, so that an enum equals its word; the columns must have the
same names, order and types besides, an enum counting as text. Nothing here speaks of a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from dev.compare_marts import count_differences

SCHEMAS = ("lookups", "staging", "intermediate", "marts", "quality")
TABLES_OF_DUCKDB = """
    select schema_name, table_name
    from duckdb_tables()
    where database_name = 'built' and schema_name in (select unnest(?))
"""
COLUMNS = """
    select
        column_name,
        case when starts_with(column_type, 'ENUM(') then 'VARCHAR' else column_type end
    from (describe {rows})
"""


@dataclass(frozen=True)
class TableComparison:
    """One table on both engines. Counts are None where an engine has no such table."""

    table: str
    n_duckdb: int | None = None
    n_spark: int | None = None
    only_duckdb: int = 0
    only_spark: int = 0
    differing_columns: tuple[str, ...] = ()

    @property
    def is_alike(self) -> bool:
        is_on_both = self.n_duckdb is not None and self.n_spark is not None
        return is_on_both and not (self.only_duckdb or self.only_spark or self.differing_columns)


def compare(database: Path, spark_warehouse: Path) -> list[TableComparison]:
    """Compare each table of the warehouse schemas, of the lookups first, of quality last."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as built (read_only)")
        on_duckdb = set(connection.execute(TABLES_OF_DUCKDB, [list(SCHEMAS)]).fetchall())
        on_spark = {
            (schema, folder.name)
            for schema in SCHEMAS
            for folder in (spark_warehouse / f"{schema}.db").glob("*")
            if any(folder.glob("*.parquet"))
        }
        return [
            _compare(connection, schema, table, spark_warehouse)
            if (schema, table) in on_duckdb & on_spark
            else _missing(f"{schema}.{table}", is_on_duckdb=(schema, table) in on_duckdb)
            for schema, table in sorted(
                on_duckdb | on_spark, key=lambda name: (SCHEMAS.index(name[0]), name[1])
            )
        ]


def _compare(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, spark_warehouse: Path
) -> TableComparison:
    built = f"select * from built.{schema}.{table}"
    files = spark_warehouse / f"{schema}.db" / table / "*.parquet"
    other = f"select * from read_parquet('{files}')"
    columns = [connection.execute(COLUMNS.format(rows=rows)).fetchall() for rows in (built, other)]
    if columns[0] != columns[1]:
        names = tuple(sorted({name for name, _ in set(columns[0]) ^ set(columns[1])}))
        return TableComparison(
            f"{schema}.{table}",
            *(
                connection.execute(f"select count(*) from ({rows})").fetchone()[0]
                for rows in (built, other)
            ),
            differing_columns=names or ("their order",),
        )
    texts = [f"select columns(*)::varchar from ({rows})" for rows in (built, other)]
    counts = count_differences(connection, *texts)
    return TableComparison(f"{schema}.{table}", *counts)


def _missing(table: str, *, is_on_duckdb: bool) -> TableComparison:
    return TableComparison(table, *((0, None) if is_on_duckdb else (None, 0)))
