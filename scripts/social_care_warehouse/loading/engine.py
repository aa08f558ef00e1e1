"""How the loader starts DuckDB."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError

# Nothing is ever fetched: all that is needed is built in.
OFFLINE = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}

# Where the environment does not say: the same as in profiles/profiles.yml, by which dbt goes.
DEFAULTS = {"WAREHOUSE_MEMORY": "2300MB", "WAREHOUSE_THREADS": "2"}

_SETTINGS = {"WAREHOUSE_MEMORY": "memory_limit", "WAREHOUSE_THREADS": "threads"}


def start_duckdb(spill_folder: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with limits from the environment that spills into the folder given.

    Raises UserError naming the variable that DuckDB does not accept.
    """
    connection = duckdb.connect(config=OFFLINE | {"temp_directory": str(spill_folder)})
    for variable, setting in _SETTINGS.items():
        value = os.environ.get(variable) or DEFAULTS[variable]
        try:
            connection.execute(f"set {setting} = $value", {"value": value})
        except duckdb.Error:
            connection.close()
            raise UserError(
                f"DuckDB cannot use the value of the environment variable {variable}."
            ) from None
    return connection
