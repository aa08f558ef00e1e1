"""Step 5: writing `raw`. The tables, the rows of each file, and the account of every line."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.engine_files import engine_path
from social_care_warehouse.loading.examine import (
    ROWS_OF_LABELS,
    Findings,
    count_label_rows,
    examine,
)
from social_care_warehouse.loading.plan import SUFFIX_YEAR, RawTable
from social_care_warehouse.loading.read import Reading, Rows, Use
from social_care_warehouse.loading.sql import statement
from social_care_warehouse.loading.survey import Entry, RecognisedFile
from social_care_warehouse.loading.text import REJECTED_DELIMITER, ExactCopy
from social_care_warehouse.sql_text import identifier, literal

# DuckDB writes the tables to disk whenever this much was inserted. After each file it would write
# the rows of earlier files again, which takes as long as reading them.
WRITTEN_AFTER = "256MB"

# How a rejected line finds its stretch: the lines in a row that were rejected for one reason. A
# file without a line that fits is one stretch, whose join can take as long as all the rest.
ONE_STRETCH = {"lines_before": "$lines_before", "reason": "$reason", "join": ""}
STRETCHES = {
    "lines_before": "last_value(stretches.lines_before ignore nulls) over so_far",
    "reason": "last_value(stretches.reason ignore nulls) over so_far",
    "join": (
        "left join stretches on texts.rejected_number = stretches.first_number"
        " window so_far as (order by texts.rejected_number)"
    ),
}


@dataclass(frozen=True)
class _Inserted:
    """The rows of one file, which are in their table but not numbered yet."""

    file: RecognisedFile
    first_rowid: int
    n_rows: int
    gaps_path: Path | None = None


@dataclass
class RawWriter:
    """Writes the schema `raw` of a new database, file by file; `finish` numbers the rows."""

    connection: duckdb.DuckDBPyConnection
    new_database: Path
    read_as: str = ""  # a hash of how files are read
    loaded_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(tzinfo=None))
    _n_rows: Counter[str] = field(default_factory=Counter)
    _to_number: list[_Inserted] = field(default_factory=list)

    def create_tables(self, tables: Sequence[RawTable]) -> None:
        """Make the database and its empty tables."""
        path = literal(self.new_database)
        self.connection.execute("set checkpoint_threshold = $size", {"size": WRITTEN_AFTER})
        self.connection.execute(statement("open_new_database", name="new_warehouse", path=path))
        self.connection.execute("create schema new_warehouse.raw")
        for table in tables:
            columns = ",\n    ".join(f"{identifier(column)} varchar" for column in table.columns)
            if table.dataset.has_year:
                columns += f",\n    {SUFFIX_YEAR} integer"
            name = identifier(table.dataset.name)
            self.connection.execute(statement("create_dataset", table=name, columns=columns))
        self.connection.execute(statement("create_accounts"))

    def insert_into(self, table: RawTable, file: RecognisedFile) -> Use:
        """What inserts the rows of a file into its table."""

        def insert(rows: Rows) -> Findings:
            first_rowid = self._insert(table, file, rows)
            columns = table.columns_of(file)
            cells = ",\n        ".join(
                f"{identifier(column)} as cell_{position}"
                for position, column in enumerate(columns, start=1)
            )
            source = statement("loaded_rows", table=identifier(table.dataset.name), cells=cells)
            stretch = {"first_rowid": first_rowid, "last_rowid": first_rowid + rows.n_rows - 1}
            findings = examine(self.connection, file, source, stretch, in_full=False)
            top = stretch | {
                "last_rowid": min(stretch["last_rowid"], first_rowid + ROWS_OF_LABELS - 1)
            }
            labels = count_label_rows(self.connection, file, source, top)
            return replace(findings, n_label_rows=labels)

        return insert

    def write_account(self, file: RecognisedFile, reading: Reading) -> None:
        """Keep what happened to every line of a file."""
        if reading.copy:
            self._insert_rejected(file, reading.copy)
        for reason, row in reading.rejected_rows:
            self._insert_rejected_row(file, reason, row)
        header, scan = file.header, file.scan
        self.connection.execute(
            statement("insert_load_file"),
            {
                "file_name": file.name,
                "dataset": file.dataset.name,
                "format": header.format,
                "delimiter": header.delimiter if header.format == "csv" else None,
                "encoding": scan and scan.encoding,
                "is_compressed": header.is_compressed,
                "sha256": scan and scan.sha256,
                "bytes": scan and scan.n_bytes,
                "lines": reading.lines,
                "blank_lines": reading.blank_lines,
                "rows_loaded": reading.lines - reading.rows_rejected,
                "rows_rejected": reading.rows_rejected,
                "unused_columns": ", ".join(file.unused_columns),
                "read_as": self.read_as,
                "loaded_at": self.loaded_at,
            },
        )

    def write_same_rows(self, same_rows: Mapping[str, str]) -> None:
        """Keep which files hold the rows of an earlier one."""
        for name, first in same_rows.items():
            self.connection.execute(
                statement("same_rows"), {"file_name": name, "same_rows_as": first}
            )

    def write_unused_files(self, unused: Sequence[Entry]) -> None:
        """Keep the list of what was not loaded."""
        for entry in unused:
            self.connection.execute(
                statement("insert_unused_file"),
                {"file_name": entry.name, "reason": entry.reason, "loaded_at": self.loaded_at},
            )

    def finish(self) -> None:
        """Number the rows, write all to disk and let go of the database.

        Raises UserError when rows were not stored in the order of their file.
        """
        # All at once and last, so that the changes are written to disk once.
        self.connection.begin()
        for inserted in self._to_number:
            self._number_rows(inserted)
        self.connection.commit()
        self.connection.execute("checkpoint new_warehouse")
        self.connection.execute("detach new_warehouse")

    def _insert(self, table: RawTable, file: RecognisedFile, rows: Rows) -> int:
        """Insert all rows, or none if their number is not the expected one.

        Returns the row identifier of the first.
        """
        names = table.columns_of(file)
        columns = {
            identifier(name): f"cell_{position}" for position, name in enumerate(names, start=1)
        }
        values = rows.values | {"source_file": file.name, "loaded_at": self.loaded_at}
        if table.dataset.has_year:
            columns[SUFFIX_YEAR] = "$suffix_year"
            values["suffix_year"] = file.fit.year
        query = statement(
            "insert_rows",
            table=identifier(table.dataset.name),
            columns=", ".join(columns),
            cells=", ".join(columns.values()),
            source=rows.source,
        )
        self.connection.begin()
        try:
            counted = self.connection.execute(query, values).fetchone()
            rows.refuse_other_count(counted[0] if counted else 0)
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()
        dataset = table.dataset.name
        first_rowid = self._n_rows[dataset]
        gaps_path = rows.gaps_path
        if gaps_path:
            # The next copy writes its gaps to a file of the old name.
            gaps_path = gaps_path.replace(gaps_path.with_stem(f"gaps_{len(self._to_number)}"))
        self._to_number.append(_Inserted(file, first_rowid, rows.n_rows, gaps_path))
        self._n_rows[dataset] += rows.n_rows
        return first_rowid

    def _insert_rejected(self, file: RecognisedFile, copy: ExactCopy) -> None:
        copy.paths.rows.unlink()
        if copy.n_kept:
            delimiter = f"chr({REJECTED_DELIMITER[0]})"
            texts = _copied("$texts_path", {"line_text": "varchar"}, delimiter)
            columns = {"first_number": "bigint", "first_line": "bigint", "reason": "varchar"}
            stretch: dict[str, object] = {}
            if copy.n_stretches == 1:
                text = copy.paths.stretches.read_text(encoding="utf-8")
                first_number, first_line, reason = text.rstrip().split(",", 2)
                stretch = {"lines_before": int(first_line) - int(first_number), "reason": reason}
            with (
                engine_path(copy.paths.rejected) as texts_path,
                engine_path(copy.paths.stretches) as stretches_path,
            ):
                self.connection.execute(
                    statement(
                        "insert_rejected",
                        texts=texts,
                        stretches=_copied("$stretches_path", columns),
                        **(ONE_STRETCH if stretch else STRETCHES),
                    ),
                    stretch
                    | {
                        "dataset": file.dataset.name,
                        "source_file": file.name,
                        "texts_path": texts_path,
                        "stretches_path": stretches_path,
                        "no_such_value": uuid.uuid4().hex,
                        "loaded_at": self.loaded_at,
                    },
                )
        copy.paths.rejected.unlink()
        copy.paths.stretches.unlink()
        for reason, counted in copy.counted.items():
            self._insert_rejected_row(file, reason, None, counted.first_line, counted.n_lines)

    def _insert_rejected_row(
        self,
        file: RecognisedFile,
        reason: str,
        text: str | None,
        line: int | None = None,
        n_lines: int = 1,
    ) -> None:
        self.connection.execute(
            statement("insert_rejected_row"),
            {
                "dataset": file.dataset.name,
                "source_file": file.name,
                "source_line": line,
                "reason": reason,
                "n_lines": n_lines,
                "line_text": text,
                "loaded_at": self.loaded_at,
            },
        )

    def _number_rows(self, inserted: _Inserted) -> None:
        """Give the rows of one file their row and line numbers."""
        table = identifier(inserted.file.dataset.name)
        first, n_rows = {"first_rowid": inserted.first_rowid}, inserted.n_rows
        if not n_rows:
            return
        ids = self.connection.execute(
            statement("row_ids", table=table),
            first
            | {"last_rowid": inserted.first_rowid + n_rows - 1, "file_name": inserted.file.name},
        ).fetchone()
        if ids != (n_rows, inserted.first_rowid, inserted.first_rowid + n_rows - 1):
            raise UserError(
                f"The rows of {inserted.file.name} were not stored in the order of the file."
            )
        has_lines = inserted.file.header.format != "parquet"
        self.connection.execute(
            statement("number_rows", table=table),
            first | {"last_rowid": inserted.first_rowid + n_rows - 1, "has_lines": has_lines},
        )
        if inserted.gaps_path:
            with engine_path(inserted.gaps_path) as path:
                gaps = _copied("$path", {"from_row": "bigint", "lines_before": "bigint"})
                self.connection.execute(
                    statement("read_gaps", gaps=gaps),
                    first
                    | {
                        "end_rowid": inserted.first_rowid + n_rows,
                        "path": path,
                        "no_such_value": uuid.uuid4().hex,
                    },
                )
            self.connection.execute(statement("shift_lines", table=table), first)


def _copied(path: str, columns: Mapping[str, str], delimiter: str = "','") -> str:
    """SQL that reads a file which exact reading wrote."""
    settings = statement("text_settings")
    return statement(
        "copied_text",
        path=path,
        columns=str(dict(columns)),
        delimiter=delimiter,
        settings=settings,
    )
