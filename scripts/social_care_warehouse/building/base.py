"""The database that a build starts from: the part of the last warehouse that it keeps."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from social_care_warehouse.building.build_folder import BuildFolder
from social_care_warehouse.building.reuse import Plan
from social_care_warehouse.console import WorkError
from social_care_warehouse.engine import OFFLINE, set_limits
from social_care_warehouse.files.paths import SCHEMAS, shown
from social_care_warehouse.loading.raw_schema import copy_raw
from social_care_warehouse.sql_text import identifier, literal

SQL_DIR = Path(__file__).parent / "sql"


def begin_with_last(database: Path, new: BuildFolder, plan: Plan) -> None:
    """Put what stays of the last warehouse into the new one. Raises WorkError on a full disk.

    A file is copied far more quickly than its tables are written again. So the file is copied, and
    what does not stay is dropped before anything is built: its room in the file is used again.
    """
    if not plan.kept:
        copy_raw(database, new.database, new.spill_folder)
        return
    try:
        shutil.copyfile(database, new.database)
        with duckdb.connect(new.database, config=OFFLINE) as connection:
            set_limits(connection)
            connection.execute(f"set temp_directory = {literal(new.spill_folder)}")
            _drop_others(connection, plan.kept_tables)
    except (OSError, duckdb.Error):
        raise WorkError(
            f"{shown(database)} could not be copied. Check that the disk has room, then try again."
        ) from None


def _drop_others(connection: duckdb.DuckDBPyConnection, kept: set[tuple[str, str]]) -> None:
    query = (SQL_DIR / "relations.sql").read_text(encoding="utf-8")
    connection.begin()
    for kind, schema, name in connection.execute(query).fetchall():
        if (schema, name) not in kept:
            connection.execute(f"drop {kind} {identifier(schema)}.{identifier(name)}")
    for (schema,) in connection.execute(
        "select schema_name from duckdb_schemas() where database_name = current_database()"
        " and not internal"
    ).fetchall():
        if schema not in (*SCHEMAS, "main"):
            connection.execute(f"drop schema {identifier(schema)} cascade")
    connection.commit()
    connection.execute("checkpoint")
