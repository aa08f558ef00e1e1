"""How the loader starts DuckDB."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError

Settings = dict[str, str | bool | int | float | list[str]]

# Nothing is ever fetched: all that is needed is built in.
OFFLINE: Settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}

# Where the environment does not say: the same as in profiles/profiles.yml, by which dbt goes.
DEFAULTS = {"WAREHOUSE_MEMORY": "2300MB", "WAREHOUSE_THREADS": "2"}

_SETTINGS = {"WAREHOUSE_MEMORY": "memory_limit", "WAREHOUSE_THREADS": "threads"}


@contextmanager
def engine_path(path: Path) -> Iterator[str]:
    """A path by which DuckDB opens this one file, whatever the file's name holds.

    DuckDB takes a path for a pattern of file names and opens UTF-8 paths only. Brackets keep signs
    of a pattern from being one. Any other name is reached through a link.
    """
    absolute = str(path.absolute())
    is_utf_8 = absolute == absolute.encode("utf-8", "replace").decode()
    if is_utf_8 and (os.sep == "\\" or "\\" not in absolute):
        yield re.sub(r"([*?\[])", r"[\1]", absolute)
        return
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "file"
        link.symlink_to(absolute)
        yield str(link)


def temporary_parent() -> Path | None:
    """The folder for temporary files that the user names, made if it is not there.

    Raises UserError when it cannot be made.
    """
    wanted = os.environ.get("WAREHOUSE_TEMP_DIRECTORY")
    if not wanted:
        return None
    parent = Path(wanted).absolute()
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise UserError(f"The folder {parent} (WAREHOUSE_TEMP_DIRECTORY) cannot be made.") from None
    return parent


def start_duckdb(spill_folder: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with limits from the environment that spills into the folder given.

    Raises UserError naming the variable that DuckDB does not accept.
    """
    settings: Settings = OFFLINE | {"temp_directory": str(spill_folder)}
    connection = duckdb.connect(config=settings)
    # Times inside nested values are the same whatever the time zone of the user.
    connection.execute("set timezone = 'UTC'")
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
