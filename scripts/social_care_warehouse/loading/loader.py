"""Loading a delivery: survey, plan, scan, read, write."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.engine import start_duckdb
from social_care_warehouse.files.paths import check_database_path, check_loadable
from social_care_warehouse.files.work_folder import files_for_owner_only, work_folder
from social_care_warehouse.loading.column_seeds import COLUMN_ALIASES, read_datasets
from social_care_warehouse.loading.engine_files import temporary_parent
from social_care_warehouse.loading.loaded_before import way_of_reading
from social_care_warehouse.loading.names import printable
from social_care_warehouse.loading.plan import RawTable, plan_tables
from social_care_warehouse.loading.progress import Progress, Report
from social_care_warehouse.loading.raw_schema import put_in_place, replace_raw
from social_care_warehouse.loading.read import Reader, Reading
from social_care_warehouse.loading.result import LoadResult
from social_care_warehouse.loading.same_rows import find_same_rows
from social_care_warehouse.loading.scan import no_rows_of, scanned_ahead
from social_care_warehouse.loading.survey import Delivery, Verdict, survey
from social_care_warehouse.loading.write import RawWriter


def load_delivery(  # noqa: PLR0913
    extract_dir: Path,
    database: Path,
    *,
    fill_missing_columns: bool = False,
    allow_rejected: bool = False,
    report: Report | None = None,
    aliases: Path = COLUMN_ALIASES,
    kept: Collection[str] = (),
) -> LoadResult:
    """Load the files of a folder into the schema `raw` of a database, replacing what was there.

    The datasets in `kept` are in the database already and are not read again. `report` receives a
    sentence for each step. With `allow_rejected`, a file may lose any number of lines and
    identifiers. Raises UserError, with everything left as it was, for a folder that does not exist
    or holds no known dataset, for files that lack columns or contradict each other, for files that
    cannot be read, and for a database that cannot be written.
    """
    say = report or (lambda sentence: None)
    database = Path(os.path.realpath(database))
    say(f"Looking at the files in {printable(extract_dir)}")
    delivery = survey(extract_dir, read_datasets(aliases))
    _refuse_problems(delivery)
    delivery = delivery.keeping(kept)
    tables = {
        name: table
        for name, table in plan_tables(delivery, fill_missing_columns=fill_missing_columns).items()
        if name not in kept
    }
    check_database_path(database)
    check_loadable(database)
    with ExitStack() as stack:
        stack.enter_context(files_for_owner_only())
        folder = stack.enter_context(work_folder(database.parent, database.name))
        copies_folder = _copies_folder(stack, folder, database.name)
        connection = stack.enter_context(start_duckdb(copies_folder / "spill"))
        reader = Reader(connection, copies_folder, allow_rejected)
        new_database = folder / "new.duckdb"
        read_as = way_of_reading(
            fill_missing_columns=fill_missing_columns,
            allow_rejected=allow_rejected,
            aliases=aliases,
        )
        writer = RawWriter(connection, new_database, read_as)
        delivery, readings, same_rows = _write(writer, reader, delivery, tables, say)
        has_replaced = database.exists()
        say(f"Writing {printable(database)}")
        if has_replaced:
            replace_raw(connection, new_database, database, kept)
        else:
            put_in_place(new_database, database)
    return LoadResult(delivery, readings, same_rows, database=database, has_replaced=has_replaced)


def _refuse_problems(delivery: Delivery) -> None:
    for problem in delivery.problems:
        raise UserError(problem)


def _copies_folder(stack: ExitStack, folder: Path, database_name: str) -> Path:
    """The folder for spill files and copies: next to the database, or as the user sets it."""
    parent = temporary_parent()
    if parent is None or parent == folder.parent:
        return folder
    return stack.enter_context(work_folder(parent, database_name))


def _write(
    writer: RawWriter,
    reader: Reader,
    delivery: Delivery,
    tables: Mapping[str, RawTable],
    say: Report,
) -> tuple[Delivery, dict[str, Reading], dict[str, str]]:
    try:
        writer.create_tables(list(tables.values()))
        delivery, readings = _insert_files(writer, reader, delivery, tables, say)
        same_rows = find_same_rows(reader, delivery, readings, say)
        writer.write_same_rows(same_rows)
        writer.write_unused_files(delivery.unused)
        writer.finish()
    except duckdb.Error:
        raise WorkError(
            f"The new tables could not be written into {writer.new_database.parent.parent}. "
            "Check that the disk has room, then try again."
        ) from None
    return delivery, readings, same_rows


def _insert_files(
    writer: RawWriter,
    reader: Reader,
    delivery: Delivery,
    tables: Mapping[str, RawTable],
    say: Report,
) -> tuple[Delivery, dict[str, Reading]]:
    """Insert the rows of one file after another. Returns the delivery with its scans."""
    entries = []
    readings = {}
    with scanned_ahead(delivery, say) as scanned:
        for entry in scanned:
            entries.append(entry)
            if entry.verdict is Verdict.REFUSED:
                raise UserError(entry.reason)
            file = entry.file
            if file is None or entry.verdict is not Verdict.LOADED:
                continue
            say(f"Loading {file.name} as {file.dataset.name}")
            insert = writer.insert_into(tables[file.dataset.name], file)
            progress = Progress(say, f"Reading {file.name} line by line", file.state[0])
            reading = reader.read(file, no_rows_of(file, delivery), insert, progress)
            writer.write_account(file, reading)
            readings[file.name] = reading
    return replace(delivery, entries=tuple(entries)), readings
