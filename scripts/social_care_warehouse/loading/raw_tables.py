"""Writing `raw`: the tables, the rows of each file, and the account of every line."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.delivery import DeliveredFile, UnusedFile, file_state
from social_care_warehouse.loading.exact_reading import ExactCopy, copy_exactly
from social_care_warehouse.loading.raw_columns import RawTable
from social_care_warehouse.loading.sql import any_file_name_pattern, identifier, literal, statement
from social_care_warehouse.loading.text_scan import FileScan


@dataclass(frozen=True)
class LoadedFile:
    """A file that was loaded, and the account of its lines."""

    name: str
    dataset: str
    format: str
    encoding: str | None
    lines: int
    blank_lines: int
    rows_loaded: int
    rows_rejected: int
    rejected: dict[str, int]  # the number of lines set aside for each reason
    unused_columns: tuple[str, ...]


class _WrongCountError(Exception):
    """DuckDB did not read as many rows as the file has."""


@dataclass(frozen=True)
class _Stretch:
    """The rows of one file in its table, which are still to be numbered."""

    file: DeliveredFile
    first_rowid: int
    n_rows: int
    gaps_path: Path | None = None


@dataclass
class RawWriter:
    """Writes the schema `raw` of a new database, file by file; `finish` numbers the rows."""

    connection: duckdb.DuckDBPyConnection
    new_database: Path
    copies_folder: Path
    loaded_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(tzinfo=None))
    _n_rows: Counter[str] = field(default_factory=Counter)
    _to_number: list[_Stretch] = field(default_factory=list)

    def create_tables(self, tables: Sequence[RawTable]) -> None:
        """Make the database and its empty tables."""
        path = literal(self.new_database)
        self.connection.execute(statement("open_new_database", name="new_warehouse", path=path))
        self.connection.execute("create schema new_warehouse.raw")
        for table in tables:
            columns = ",\n    ".join(f"{identifier(column)} varchar" for column in table.columns)
            name = identifier(table.dataset.name)
            self.connection.execute(statement("create_dataset", table=name, columns=columns))
        self.connection.execute(statement("create_accounts"))

    def load(self, file: DeliveredFile, scan: FileScan, table: RawTable) -> LoadedFile:
        """Put the rows of a file into its table and its account into `raw.load_files`.

        Raises UserError when not every line of it can be accounted for.
        """
        columns = _ListOfColumns(table.columns_of(file))
        blank_lines, rejected = scan.blank_lines, {}
        with _database_errors_of(file):
            if file.header.format == "parquet":
                lines = self._load_parquet(file, columns)
            elif (plain := self._load_plain(file, scan, columns)) is not None:
                lines = plain
            else:
                copy = self._load_exactly(file, scan, columns)
                lines, rejected, blank_lines = copy.n_lines, copy.rejected, copy.n_blank_lines
        _refuse_changed_file(file)
        unused = tuple(
            cell.strip() or f"column {position}"
            for position, (cell, column) in enumerate(
                zip(file.header.cells, file.fit.columns, strict=True), start=1
            )
            if column is None
        )
        loaded = LoadedFile(
            name=file.name,
            dataset=file.dataset.name,
            format=file.header.format,
            encoding=scan.encoding,
            lines=lines,
            blank_lines=blank_lines,
            rows_loaded=lines - sum(rejected.values()),
            rows_rejected=sum(rejected.values()),
            rejected=rejected,
            unused_columns=unused,
        )
        self._write_account(loaded, file, scan)
        return loaded

    def write_unused_files(self, unused: Sequence[UnusedFile]) -> None:
        """Keep the list of what was not loaded."""
        for file in unused:
            self.connection.execute(
                statement("insert_unused_file"),
                {"file_name": file.name, "reason": file.reason, "loaded_at": self.loaded_at},
            )

    def finish(self) -> None:
        """Number the rows, write all to disk and let go of the database.

        Raises UserError when rows were not stored in the order of their file.
        """
        # All at once and last of all, so that what it changes is written to disk once.
        self.connection.begin()
        for stretch in self._to_number:
            self._number_rows(stretch)
        self.connection.commit()
        self.connection.execute("checkpoint new_warehouse")
        self.connection.execute("detach new_warehouse")

    def _load_parquet(self, file: DeliveredFile, columns: _ListOfColumns) -> int:
        path = any_file_name_pattern(file.path)
        n_rows = self.connection.execute(statement("parquet_rows"), {"path": path}).fetchone()[0]
        query = statement(
            "insert_parquet",
            table=identifier(file.dataset.name),
            columns=columns.names,
            cells=columns.cast_cells,
        )
        try:
            self._insert(file, query, {"path": path}, n_rows)
        except _WrongCountError:
            raise UserError(f"{file.name} does not hold as many rows as it says.") from None
        return n_rows

    def _load_plain(
        self, file: DeliveredFile, scan: FileScan, columns: _ListOfColumns
    ) -> int | None:
        """Load a text file as it is; None when it has to be read line by line."""
        if scan.lines is None or not _is_utf_8(file.path):
            return None
        try:
            self._insert_text(
                file,
                any_file_name_pattern(file.path),
                columns,
                scan.lines,
                compression="gzip" if file.header.is_compressed else "none",
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException, _WrongCountError):
            return None
        except duckdb.IOException:
            if not file.header.is_compressed:
                raise
            return None  # padding after the end of the text, which gzip allows
        return scan.lines

    def _load_exactly(
        self, file: DeliveredFile, scan: FileScan, columns: _ListOfColumns
    ) -> ExactCopy:
        copy = copy_exactly(file, scan.encoding or "utf-8", self.copies_folder)
        rows_path = any_file_name_pattern(copy.rows_path)
        try:
            self._insert_text(
                file, rows_path, columns, copy.n_rows, gaps_path=self._kept_gaps(copy)
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException, _WrongCountError):
            raise UserError(
                f"{file.name} could not be read exactly: DuckDB does not find the {copy.n_rows:,} "
                "rows in it that were counted."
            ) from None
        if copy.n_rejected:
            self.connection.execute(
                statement("insert_rejected"),
                {
                    "dataset": file.dataset.name,
                    "source_file": file.name,
                    "path": any_file_name_pattern(copy.rejected_path),
                    "loaded_at": self.loaded_at,
                },
            )
        copy.rows_path.unlink()
        copy.rejected_path.unlink()
        return copy

    def _kept_gaps(self, copy: ExactCopy) -> Path | None:
        """The file of gaps under a name that the next copy does not take."""
        if not copy.has_gaps:
            return None
        return copy.gaps_path.replace(copy.gaps_path.with_stem(f"gaps_{len(self._to_number)}"))

    def _insert_text(  # noqa: PLR0913
        self,
        file: DeliveredFile,
        path: str,
        columns: _ListOfColumns,
        n_rows: int,
        *,
        compression: str = "none",
        gaps_path: Path | None = None,
    ) -> None:
        query = statement(
            "insert_text",
            table=identifier(file.dataset.name),
            columns=columns.names,
            cells=columns.cells,
        )
        values = {
            "path": path,
            "cells": columns.cell_types,
            "delimiter": file.header.delimiter,
            "compression": compression,
            # No value may be taken for "no value": an empty one is text too.
            "no_such_value": uuid.uuid4().hex,
        }
        self._insert(file, query, values, n_rows, gaps_path)

    def _insert(
        self,
        file: DeliveredFile,
        query: str,
        values: dict[str, object],
        n_rows: int,
        gaps_path: Path | None = None,
    ) -> None:
        """Insert the rows of a file: all, or none if they are not as many as they should be."""
        values = values | {"source_file": file.name, "loaded_at": self.loaded_at}
        self.connection.begin()
        try:
            n_inserted = self.connection.execute(query, values).fetchone()[0]
            if n_inserted != n_rows:
                raise _WrongCountError
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()
        dataset = file.dataset.name
        self._to_number.append(_Stretch(file, self._n_rows[dataset], n_rows, gaps_path))
        self._n_rows[dataset] += n_rows

    def _number_rows(self, stretch: _Stretch) -> None:
        """Give the rows of one file their row and line numbers."""
        table = identifier(stretch.file.dataset.name)
        first, n_rows = {"first_rowid": stretch.first_rowid}, stretch.n_rows
        if not n_rows:
            return
        ids = self.connection.execute(
            statement("row_ids", table=table),
            first
            | {"last_rowid": stretch.first_rowid + n_rows - 1, "file_name": stretch.file.name},
        ).fetchone()
        if ids != (n_rows, stretch.first_rowid, stretch.first_rowid + n_rows - 1):
            raise UserError(
                f"The rows of {stretch.file.name} were not stored in the order of the file."
            )
        has_lines = stretch.file.header.format != "parquet"
        self.connection.execute(
            statement("number_rows", table=table),
            first | {"last_rowid": stretch.first_rowid + n_rows - 1, "has_lines": has_lines},
        )
        if stretch.gaps_path:
            self.connection.execute(
                statement("shift_lines", table=table),
                first
                | {
                    "end_rowid": stretch.first_rowid + n_rows,
                    "path": any_file_name_pattern(stretch.gaps_path),
                },
            )

    def _write_account(self, loaded: LoadedFile, file: DeliveredFile, scan: FileScan) -> None:
        self.connection.execute(
            statement("insert_load_file"),
            {
                "file_name": loaded.name,
                "dataset": loaded.dataset,
                "format": loaded.format,
                "delimiter": file.header.delimiter,
                "encoding": loaded.encoding,
                "is_compressed": file.header.is_compressed,
                "sha256": scan.sha256,
                "bytes": scan.n_bytes,
                "lines": loaded.lines,
                "blank_lines": loaded.blank_lines,
                "rows_loaded": loaded.rows_loaded,
                "rows_rejected": loaded.rows_rejected,
                "unused_columns": ", ".join(loaded.unused_columns),
                "loaded_at": self.loaded_at,
            },
        )


class _ListOfColumns:
    """The columns of one file in the ways in which SQL needs them listed."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.names = ", ".join(map(identifier, columns))
        cell_names = [f"cell_{position}" for position in range(1, len(columns) + 1)]
        self.cells = ", ".join(cell_names)
        self.cell_types = dict.fromkeys(cell_names, "varchar")
        self.cast_cells = ", ".join(
            f"cast(#{position} as varchar)" for position in range(1, len(columns) + 1)
        )


@contextmanager
def _database_errors_of(file: DeliveredFile) -> Iterator[None]:
    """Say in one sentence what went wrong with a file.

    DuckDB's own words are left out: they may quote values of the file.
    """
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise UserError(
            f"There is not enough memory to load {file.name}: raise WAREHOUSE_MEMORY, lower "
            "WAREHOUSE_THREADS, or free some disk space."
        ) from None
    except duckdb.IOException:
        raise UserError(
            f"{file.name} could not be loaded: it cannot be read to its end, or the disk is full."
        ) from None
    except duckdb.Error:
        raise UserError(f"{file.name} could not be loaded: DuckDB cannot read it.") from None


def _refuse_changed_file(file: DeliveredFile) -> None:
    try:
        is_same = file_state(file.path) == file.state
    except OSError:
        is_same = False
    if not is_same:
        raise UserError(f"{file.name} changed while it was being read.")


def _is_utf_8(path: Path) -> bool:
    """DuckDB opens only paths that are; others are read here."""
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        return False
    return True
