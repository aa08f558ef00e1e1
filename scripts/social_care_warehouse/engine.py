"""How this package starts DuckDB."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.settings import check_settings, setting

# Nothing is ever fetched: all that is needed is built in.
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


# Enough to make tables of 15 million persons. A larger cache of the file would not make it faster.
MEMORY_TO_READ = "500MB"


def start_duckdb(spill_folder: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with limits from the environment that spills into the folder given.

    Raises UserError naming the variable that cannot be used.
    """
    connection = duckdb.connect(config=OFFLINE | {"temp_directory": str(spill_folder)})
    set_limits(connection)
    return connection


def check_is_utf_8(database: Path) -> None:
    """Raise UserError for a path that DuckDB cannot open, as it opens UTF-8 paths only."""
    try:
        str(database).encode()
    except UnicodeEncodeError:
        raise UserError(
            "The path of the database is not UTF-8. Choose another path, or a shell with UTF-8"
            " names (LC_ALL=C.UTF-8)."
        ) from None


def open_warehouse(database: Path, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection that only reads. Raises UserError for what is missing or no database.

    `memory` is the limit where the environment gives none. What is larger spills to disk, into the
    folder that the environment names, else next to the warehouse.
    """
    if not database.is_file():
        raise UserError(f"There is no warehouse {database}. Build one first, or check the path.")
    check_is_utf_8(database)
    try:
        connection = duckdb.connect(str(database), read_only=True, config=OFFLINE)
    except duckdb.Error:
        raise UserError(
            f"{database} cannot be opened as a warehouse. Check that it is a finished warehouse and"
            " that no build is writing to it."
        ) from None
    set_limits(connection, memory)
    if folder := os.environ.get("WAREHOUSE_TEMP_DIRECTORY"):
        connection.execute("set temp_directory = $value", {"value": folder})
    return connection


def refuse_unrecorded(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    """Raise UserError unless `build` made the warehouse. It records itself when all is done."""
    found = connection.execute(
        "select 1 from information_schema.tables"
        " where table_schema = 'meta' and table_name = 'build'"
    ).fetchall()
    if not found:
        raise UserError(
            f"{database} has no table meta.build, so marts may be missing or changed. A build that"
            " failed, or dbt alone, made it. Build it with 'social-care-warehouse build', and try"
            " again."
        )


def set_limits(connection: duckdb.DuckDBPyConnection, memory: str | None = None) -> None:
    """Give a connection the limits of memory and threads from the environment.

    Raises UserError naming the variable that cannot be used.
    """
    check_settings()
    limit = os.environ.get("WAREHOUSE_MEMORY", memory or setting("WAREHOUSE_MEMORY"))
    connection.execute("set memory_limit = $value", {"value": limit})
    connection.execute("set threads = $value", {"value": setting("WAREHOUSE_THREADS")})
    # DuckDB draws it on the output of some programs that import this package.
    connection.execute("set enable_progress_bar = false")
