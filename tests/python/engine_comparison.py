"""What DuckDB built compared with what Spark built, row for row and value for value."""

from __future__ import annotations

from pathlib import Path

import duckdb

from dev.compare_marts import Comparison, Renames, Warehouse, compare

SCHEMAS = ("lookups", "staging", "intermediate", "marts", "quality")


def compare_engines(database: Path, spark_warehouse: Path) -> list[Comparison]:
    """Compare each table of a database with the Parquet files that Spark wrote of it."""
    of_spark = spark_warehouse / "of_spark.duckdb"
    of_spark.unlink(missing_ok=True)
    with duckdb.connect(str(of_spark)) as connection:
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema}")
            for table in sorted((spark_warehouse / f"{schema}.db").glob("*")):
                if any(table.glob("*.parquet")):
                    files = f"read_parquet('{table}/*.parquet')"
                    connection.execute(f"create table {schema}.{table.name} as from {files}")
    on_duckdb, on_spark = (
        Warehouse(path, name, SCHEMAS, Renames(), has_views=False)
        for path, name in ((database, "DuckDB"), (of_spark, "Spark"))
    )
    return list(compare(on_duckdb, on_spark, is_exact=True))
