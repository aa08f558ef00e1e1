"""The schema `raw` as a whole: putting a new one in place, and copying one."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.engine import OFFLINE, start_duckdb
from social_care_warehouse.files.paths import cannot_open, shown
from social_care_warehouse.loading.column_seeds import read_datasets
from social_care_warehouse.loading.sql import statement
from social_care_warehouse.sql_text import identifier, literal

# The tables that account for what was loaded, with the dataset in each row.
ACCOUNTS_BY_DATASET = ("load_files", "rejected_lines")


def put_in_place(new_database: Path, database: Path) -> None:
    """Move a finished database to where it is wanted.

    Raises UserError when something came to be there in the meantime, or it cannot be moved.
    """
    if database.exists():
        raise UserError(f"Another program has just made {database}. It is unchanged. Load again.")
    try:
        new_database.chmod(0o600)
        new_database.replace(database)
    except OSError:
        raise WorkError(
            f"{database} cannot be written. Check that the disk has room, then try again."
        ) from None


def replace_raw(
    connection: duckdb.DuckDBPyConnection,
    new_database: Path,
    database: Path,
    kept: Collection[str] = (),
) -> None:
    """Replace the schema `raw` of a database that is there, all of it in one transaction.

    The tables of the datasets in `kept` stay, and so does what is known of their files. The rest of
    the database stays. Only its owner can read it afterwards. Raises UserError, and leaves the
    database as it was, when it cannot be opened or written.
    """
    try:
        database.chmod(0o600)
    except OSError:
        raise UserError(
            f"{database} belongs to another user, so it cannot be made private. Choose another"
            " file."
        ) from None
    try:
        connection.execute(
            statement("open_database", name="new_warehouse", path=literal(new_database))
        )
        connection.execute(statement("open_database", name="warehouse", path=literal(database)))
    except duckdb.Error:
        raise cannot_open(database) from None
    try:
        if kept:
            _merge(connection, kept)
        else:
            _copy(connection)
        connection.execute("detach warehouse")
    except duckdb.Error:
        raise WorkError(
            f"{database} could not be written, and is unchanged. Check that the disk has room,"
            " then try again."
        ) from None


def copy_raw(source: Path, new_database: Path, spill_folder: Path) -> None:
    """Copy the schema `raw` of a loaded database into a new one.

    Raises UserError when the source does not hold what a load writes.
    """
    with start_duckdb(spill_folder) as connection:
        _open_loaded(connection, source)
        try:
            connection.execute(
                statement("open_new_database", name="warehouse", path=literal(new_database))
            )
            _copy(connection)
        except duckdb.Error:
            raise WorkError(
                f"{shown(source)} could not be copied. Check that the disk has room, then try"
                " again."
            ) from None


def check_raw(source: Path) -> None:
    """Raise UserError unless a database holds what a load writes."""
    with duckdb.connect(config=OFFLINE) as connection:
        _open_loaded(connection, source)


def _open_loaded(connection: duckdb.DuckDBPyConnection, source: Path) -> None:
    try:
        connection.execute(statement("open_to_read", name="new_warehouse", path=literal(source)))
        tables = connection.execute(statement("tables_of_new_raw")).fetchall()
    except duckdb.Error:
        raise cannot_open(source) from None
    missing = {dataset.name for dataset in read_datasets()} - {table for (table,) in tables}
    if missing:
        raise UserError(
            f"{shown(source)} does not hold the loaded extracts of this version"
            f" (raw.{min(missing)} is missing). Load the extracts again: build EXTRACT_DIR"
            f" --database {shown(source)}"
        )


def _merge(connection: duckdb.DuckDBPyConnection, kept: Collection[str]) -> None:
    """Copy all tables of new_warehouse.raw to warehouse.raw, or none, and keep some datasets."""
    connection.begin()
    for (table,) in connection.execute(statement("tables_of_new_raw")).fetchall():
        if table in ACCOUNTS_BY_DATASET:
            connection.execute(
                statement("merge_account", table=identifier(table)), {"kept": sorted(kept)}
            )
        else:
            connection.execute(statement("replace_table", table=identifier(table)))
    connection.commit()


def _copy(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy all tables of new_warehouse.raw to warehouse.raw, or none."""
    connection.begin()
    connection.execute(statement("empty_raw"))
    for (table,) in connection.execute(statement("tables_of_new_raw")).fetchall():
        connection.execute(statement("copy_table", table=identifier(table)))
    connection.commit()
