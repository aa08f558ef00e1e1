"""Loading a delivery, from the folder to the database."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError, interrupts_of_duckdb
from social_care_warehouse.engine import start_duckdb
from social_care_warehouse.files.paths import check_database_path, check_loadable
from social_care_warehouse.files.work_folder import files_for_owner_only, work_folder
from social_care_warehouse.loading.columns import COLUMN_ALIASES, read_datasets
from social_care_warehouse.loading.delivery import Delivery, UnusedFile, printable, survey
from social_care_warehouse.loading.raw_columns import RawTable, plan_table
from social_care_warehouse.loading.raw_schema import put_in_place, replace_raw
from social_care_warehouse.loading.raw_tables import LoadedFile, RawWriter
from social_care_warehouse.loading.text_scan import FileScan, scan_file

Report = Callable[[str], None]


@dataclass(frozen=True)
class LoadResult:
    """What a load did: the account of every file, and what is worth knowing about them."""

    database: Path
    datasets: tuple[str, ...]
    files: tuple[LoadedFile, ...]
    unused_files: tuple[UnusedFile, ...]
    has_replaced: bool  # whether the database was there before

    @property
    def not_delivered(self) -> tuple[str, ...]:
        """The datasets of which there was no file; their tables are empty."""
        delivered = {file.dataset for file in self.files}
        return tuple(name for name in self.datasets if name not in delivered)

    @property
    def rejected(self) -> Counter[tuple[str, str]]:
        """How many lines were set aside, by dataset and reason."""
        counts: Counter[tuple[str, str]] = Counter()
        for file in self.files:
            for reason, n_lines in file.rejected.items():
                counts[file.dataset, reason] += n_lines
        return counts


def load_delivery(
    extract_dir: Path,
    database: Path,
    *,
    fill_missing_columns: bool = False,
    report: Report | None = None,
    aliases: Path = COLUMN_ALIASES,
) -> LoadResult:
    """Load the files of a folder into the schema `raw` of a database, replacing what was there.

    `report` is told in plain words what is being done. Raises UserError, with everything left as it
    was, for a folder that is none or holds nothing of ours, for files that lack columns or
    contradict each other, for files that cannot be read, and for a database that cannot be written.
    """
    say = report or (lambda sentence: None)
    database = Path(os.path.realpath(database))
    say(f"Looking at the files in {printable(extract_dir)}")
    delivery = survey(extract_dir, read_datasets(aliases))
    if delivery.problems:
        raise UserError(delivery.problems[0])
    tables = _plan_tables(delivery, fill_missing_columns=fill_missing_columns)
    check_database_path(database)
    check_loadable(database)

    scans: dict[str, FileScan] = {}
    for file in delivery.files:
        say(f"Counting the lines of {file.name} ({_size(file.state[0])})")
        scans[file.name] = scan_file(file)
    _leave_out_copies(delivery, scans)

    with ExitStack() as stack:
        stack.enter_context(interrupts_of_duckdb())
        stack.enter_context(files_for_owner_only())
        folder = stack.enter_context(work_folder(database.parent, database.name))
        copies_folder = _copies_folder(stack, folder, database.name)
        connection = stack.enter_context(start_duckdb(copies_folder / "spill"))
        new_database = folder / "new.duckdb"
        writer = RawWriter(connection, new_database, copies_folder)
        loaded = _write(writer, delivery, scans, tables, say)
        has_replaced = database.exists()
        say(f"Writing {database}")
        if has_replaced:
            replace_raw(connection, new_database, database)
        else:
            put_in_place(new_database, database)
    return LoadResult(
        database=database,
        datasets=tuple(dataset.name for dataset in delivery.datasets),
        files=tuple(loaded),
        unused_files=tuple(delivery.unused),
        has_replaced=has_replaced,
    )


def _plan_tables(delivery: Delivery, *, fill_missing_columns: bool) -> dict[str, RawTable]:
    files = delivery.files_by_dataset()
    return {
        dataset.name: plan_table(
            dataset, files.get(dataset.name, []), fill_missing_columns=fill_missing_columns
        )
        for dataset in delivery.datasets
    }


def _leave_out_copies(delivery: Delivery, scans: dict[str, FileScan]) -> None:
    """Take files out of the delivery whose text another file has too: rows would count twice."""
    first_with: dict[str, str] = {}
    originals = []
    for file in delivery.files:
        first = first_with.setdefault(scans[file.name].content_sha256, file.name)
        if first == file.name:
            originals.append(file)
        else:
            delivery.unused.append(UnusedFile(file.name, f"the same content as {first}"))
    delivery.files = originals
    delivery.unused.sort(key=lambda unused: unused.name)


def _copies_folder(stack: ExitStack, folder: Path, database_name: str) -> Path:
    """Where DuckDB may spill and files be copied: beside the database, or where the user says."""
    wanted = os.environ.get("WAREHOUSE_TEMP_DIRECTORY")
    if not wanted:
        return folder
    parent = Path(wanted).absolute()
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise UserError(f"The folder {parent} (WAREHOUSE_TEMP_DIRECTORY) cannot be made.") from None
    if parent == folder.parent:
        return folder
    return stack.enter_context(work_folder(parent, database_name))


def _write(
    writer: RawWriter,
    delivery: Delivery,
    scans: dict[str, FileScan],
    tables: dict[str, RawTable],
    say: Report,
) -> Sequence[LoadedFile]:
    loaded = []
    try:
        writer.create_tables(list(tables.values()))
        for file in delivery.files:
            say(f"Loading {file.name} as {file.dataset.name}")
            loaded.append(writer.load(file, scans[file.name], tables[file.dataset.name]))
        writer.write_unused_files(delivery.unused)
        writer.finish()
    except duckdb.Error:
        raise UserError(
            f"The new tables could not be written into {writer.new_database.parent.parent}: "
            "is there room on the disk?"
        ) from None
    return loaded


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.1f} MB"
