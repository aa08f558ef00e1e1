"""How this package starts DuckDB, and the settings for it in the environment."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError

# Nothing is ever fetched: all that is needed is built in.
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}

# Where the environment does not say: the same as in profiles/profiles.yml, for dbt.
DEFAULTS = {"WAREHOUSE_MEMORY": "2300MB", "WAREHOUSE_THREADS": "2"}

_SETTINGS = {"WAREHOUSE_MEMORY": "memory_limit", "WAREHOUSE_THREADS": "threads"}

MOST_THREADS = 256
_MEMORY = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) *([KMGT]I?B)", re.IGNORECASE)
_BYTES = {"K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
LEAST_MEMORY_BYTES = 50e6


def check_settings() -> None:
    """Raise UserError for a setting in the environment that no load or build can work with."""
    threads = _setting("WAREHOUSE_THREADS")
    if not re.fullmatch(r"[1-9]\d{0,2}", threads, re.ASCII) or int(threads) > MOST_THREADS:
        raise UserError(
            "The environment variable WAREHOUSE_THREADS must be a whole number from 1 to"
            f" {MOST_THREADS}. Set it to {DEFAULTS['WAREHOUSE_THREADS']}, for example, or unset it."
        )
    memory = _MEMORY.fullmatch(_setting("WAREHOUSE_MEMORY"))
    if not memory or float(memory[1]) * _BYTES[memory[2][0].upper()] < LEAST_MEMORY_BYTES:
        raise UserError(
            "The environment variable WAREHOUSE_MEMORY must be a size of at least 50MB. Set it, for"
            f" example, to {DEFAULTS['WAREHOUSE_MEMORY']} or 4GB, or unset it."
        )


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
    for variable, setting in _SETTINGS.items():
        connection.execute(f"set {setting} = $value", {"value": _setting(variable)})


def _setting(variable: str) -> str:
    return os.environ.get(variable, DEFAULTS[variable])
