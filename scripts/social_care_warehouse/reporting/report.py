"""Writes the report of a warehouse: one HTML file, made only from rounded tables."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError, failed_to_write
from social_care_warehouse.engine import MEMORY_TO_READ, open_warehouse
from social_care_warehouse.interrupts import last_step, signals_held
from social_care_warehouse.outputs.release import release
from social_care_warehouse.outputs.specification import load_specifications, without_rows
from social_care_warehouse.outputs.table import ReleasedTable
from social_care_warehouse.reporting.area_effects import release_area_effects
from social_care_warehouse.reporting.charts import drawing_code
from social_care_warehouse.reporting.childhood import release_childhood
from social_care_warehouse.reporting.content import sections
from social_care_warehouse.reporting.found import rows_if_built
from social_care_warehouse.reporting.page import render
from social_care_warehouse.reporting.provenance import read_provenance
from social_care_warehouse.reporting.shapes import Shape, hexagons, read_boundaries


@dataclass(frozen=True)
class Written:
    """What the page has: charts or tables only, and the marts without rows for it."""

    has_charts: bool
    marts_without_rows: tuple[str, ...]


def write_report(
    database: Path,
    file: Path,
    *,
    boundaries: Path | None = None,
    replace: bool = False,
    report: Callable[[str], None] = lambda sentence: None,
) -> Written:
    """Write the report of a warehouse into an HTML file.

    The file appears when it is whole, and is for its owner only. Raises UserError for a database
    that is not a warehouse, boundaries that cannot be drawn, and a file that exists.
    """
    _check_target(file, replace=replace)
    own_shapes = read_boundaries(boundaries) if boundaries else None
    with closing(_opened(database)) as connection:
        tables = _released_tables(connection, report)
        lacking = without_rows(connection)
        shapes = _hexagons(connection) if own_shapes is None else own_shapes
        provenance = read_provenance(connection)
    report("Writing the page")
    code = drawing_code()
    _write(file, render(tables, provenance, shapes, code=code, lacking=lacking))
    wanted = _wanted()
    missing = {mart for table, mart in lacking.items() if table in wanted}
    return Written(code is not None, tuple(sorted(missing)))


def _check_target(file: Path, *, replace: bool) -> None:
    if file.is_dir():
        raise UserError(f"{file} is a folder. Give the path of a file, for example report.html.")
    if file.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{file} does not end in .html. Choose a name such as report.html.")
    if file.exists() and not replace:
        raise UserError(f"{file} exists already. Choose another file, or add --replace.")
    if not file.parent.is_dir():
        raise UserError(f"There is no folder {file.parent}. Make it first, or choose another path.")


def _opened(database: Path) -> duckdb.DuckDBPyConnection:
    connection = open_warehouse(database, MEMORY_TO_READ)
    marts = "select count(*) from information_schema.tables where table_schema = 'marts'"
    if connection.execute(marts).fetchall() == [(0,)]:
        connection.close()
        raise UserError("This database holds no marts. Build the warehouse first.")
    return connection


def _released_tables(
    connection: duckdb.DuckDBPyConnection, report: Callable[[str], None]
) -> dict[str, ReleasedTable]:
    """The rounded tables that the page shows, by name; those without rows are left out."""
    wanted = _wanted()
    tables = {}
    try:
        for specification in load_specifications(None, connection):
            if specification.name in wanted:
                report(f"Making the table {specification.name}")
                tables[specification.name] = release(connection, specification)
    except (duckdb.BinderException, duckdb.CatalogException):
        raise UserError(
            "Another version of this project made the warehouse, so it cannot be read. Build"
            " the warehouse again."
        ) from None
    for own in (release_childhood(connection), release_area_effects(connection)):
        if own:
            tables[own.name] = own
    return {name: table for name, table in tables.items() if table.rows}


def _wanted() -> set[str]:
    return {part.table for section in sections() for part in section.parts}


def _hexagons(connection: duckdb.DuckDBPyConnection) -> list[Shape]:
    """The layout of the project; none where the database is older than the layout."""
    query = "select new_la_code, hex_column, hex_row from lookups.hexagon order by new_la_code"
    return hexagons(rows_if_built(connection, query) or [])


def _write(file: Path, page: str) -> None:
    """Put the page in place in one step; only its owner may read it."""
    part = file.with_name(f".{file.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(page)
        with last_step():
            part.replace(file)
    except OSError as error:
        raise failed_to_write(error)(
            f"{file} could not be written: {error.strerror}. Check that you may write to the"
            " folder and that the disk has room."
        ) from None
    finally:
        with signals_held(), suppress(OSError):
            part.unlink(missing_ok=True)
