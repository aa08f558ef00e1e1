"""Handing the raw tables over as Parquet files, to an engine that is not DuckDB."""

from __future__ import annotations

from pathlib import Path

from social_care_warehouse.engine import start_duckdb
from social_care_warehouse.files.replace import check_target, replacing
from social_care_warehouse.files.work_folder import files_for_owner_only
from social_care_warehouse.loading.column_seeds import read_datasets
from social_care_warehouse.loading.loader import load_delivery
from social_care_warehouse.loading.progress import Report
from social_care_warehouse.loading.result import LoadResult
from social_care_warehouse.loading.sql import statement
from social_care_warehouse.sql_text import identifier, literal

# The tables that account for what was loaded; the others are one for each dataset.
ACCOUNTS = ("load_files", "rejected_lines", "unused_files")


def hand_over(
    extract_dir: Path,
    target: Path,
    *,
    fill_missing_columns: bool = False,
    allow_rejected: bool = False,
    report: Report | None = None,
) -> LoadResult:
    """Load a delivery and write each table of the schema `raw` to `<table>.parquet` in a folder.

    The folder is made as a whole or not at all; one that this made earlier is replaced. Raises
    UserError as load_delivery does, and for a folder that holds anything else.
    """
    datasets = [dataset.name for dataset in read_datasets()]
    tables = {f"{table}.parquet" for table in (*datasets, *ACCOUNTS)}
    check_target(target, f"{ACCOUNTS[0]}.parquet", tables)
    with files_for_owner_only(), replacing(target) as workspace:
        database = workspace / "loaded.duckdb"
        result = load_delivery(
            extract_dir,
            database,
            fill_missing_columns=fill_missing_columns,
            allow_rejected=allow_rejected,
            report=report,
        )
        if report:
            report(f"Writing {target}")
        _write_tables(database, workspace / "new", workspace / "spill")
    return result


def _write_tables(database: Path, folder: Path, spill_folder: Path) -> None:
    folder.mkdir()
    with start_duckdb(spill_folder) as connection:
        connection.execute(statement("open_database", name="warehouse", path=literal(database)))
        for (table,) in connection.execute(statement("raw_tables")).fetchall():
            path = literal(folder / f"{table}.parquet")
            connection.execute(statement("write_parquet", table=identifier(table), path=path))
