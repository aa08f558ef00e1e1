"""How this package starts DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb

from social_care_warehouse.settings import check_settings, setting

# Nothing is ever fetched: all that is needed is built in.
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def start_duckdb(spill_folder: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with limits from the environment that spills into the folder given.

    Raises UserError naming the variable that cannot be used.
    """
    connection = duckdb.connect(config=OFFLINE | {"temp_directory": str(spill_folder)})
    set_limits(connection)
    return connection


def set_limits(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the limits of memory and threads from the environment.

    Raises UserError naming the variable that cannot be used.
    """
    check_settings()
    connection.execute("set memory_limit = $value", {"value": setting("WAREHOUSE_MEMORY")})
    connection.execute("set threads = $value", {"value": setting("WAREHOUSE_THREADS")})
