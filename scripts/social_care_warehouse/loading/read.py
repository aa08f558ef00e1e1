"""Step 4: the rows of one file, read so that every line is accounted for.

A load and a check read in the same way; they differ only in how they use the rows.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.loading.engine_files import engine_path
from social_care_warehouse.loading.examine import Findings
from social_care_warehouse.loading.header import Header
from social_care_warehouse.loading.progress import Progress
from social_care_warehouse.loading.sql import statement
from social_care_warehouse.loading.survey import RecognisedFile, file_state
from social_care_warehouse.loading.text import (
    HEADER_REPEATED,
    OTHER_HEADER,
    UNDERLINE,
    UNDERLINE_PATTERN,
    ExactCopy,
    NoRows,
    copy_exactly,
    other_header,
)

# These lines were never rows, so a file does not lose them.
NEVER_ROWS = (HEADER_REPEATED, UNDERLINE)

# Whole numbers from here on are not exact.
_LIMIT_OF_EXACT = {"DOUBLE": 1 << 53, "FLOAT": 1 << 24}


class WrongCountError(Exception):
    """DuckDB did not read as many rows as the file has."""


@dataclass(frozen=True)
class Rows:
    """The rows of a file as DuckDB reads them."""

    source: str  # SQL that gives them, with cells called cell_1 and so on
    values: dict[str, object]  # of the parameters in it
    n_rows: int
    gaps_path: Path | None = None

    def refuse_other_count(self, n_rows: int) -> None:
        """Raise WrongCountError unless this is the right number of rows."""
        if n_rows != self.n_rows:
            raise WrongCountError


# Uses up the rows and says what they show. Raises WrongCountError, with nothing used, if there are
# more or fewer than there should be.
Use = Callable[[Rows], Findings]


@dataclass(frozen=True)
class Reading:
    """The result of reading a file: the account of its lines, and facts about its values."""

    lines: int
    findings: Findings
    blank_lines: int = 0
    rejected: dict[str, int] = field(default_factory=dict)  # lines for each reason
    copy: ExactCopy | None = None  # where the file had to be read line by line
    rejected_rows: tuple[tuple[str, str], ...] = ()  # of a Parquet file: reason, and row as a line

    @property
    def rows_rejected(self) -> int:
        """How many lines are rejected."""
        return sum(self.rejected.values())


@dataclass(frozen=True)
class Reader:
    """Reads files with one connection; copies of files that are not plain go into a folder."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    allow_rejected: bool

    def __post_init__(self) -> None:
        # Times inside nested values are the same whatever the time zone of the user.
        self.connection.execute("set timezone = 'UTC'")
        self.connection.execute(statement("cell_macros"))

    def read(self, file: RecognisedFile, no_rows: NoRows, use: Use, progress: Progress) -> Reading:
        """Read a file whose lines were counted.

        Raises UserError when not every line can be accounted for, when too much would be lost, or
        when the file changed since it was looked at.
        """
        with _database_errors_of(file), engine_path(file.header.path) as path:
            if file.header.format == "parquet":
                reading = self._read_parquet(file, path, no_rows, use)
            else:
                reading = self._read_plain(file, path, use) or (
                    self._read_exactly(file, no_rows, use, progress)
                )
        _refuse_changed_file(file)
        if not self.allow_rejected:
            _refuse_damaged_identifiers(file, reading.findings)
        return reading

    def _read_parquet(self, file: RecognisedFile, path: str, no_rows: NoRows, use: Use) -> Reading:
        parameters: dict[str, object] = {"path": path}
        counted = self.connection.execute(statement("parquet_row_count"), parameters).fetchone()
        n_rows = counted[0] if counted else 0
        types = self.connection.execute(statement("parquet_types"), parameters).fetchall()
        _refuse_nested(file, [row[1] for row in types])
        cells = [_as_text(file, position, row[1]) for position, row in enumerate(types, start=1)]
        named = ",\n        ".join(
            f"{cell} as cell_{position}" for position, cell in enumerate(cells, start=1)
        )
        texts = [
            cell for cell, row in zip(cells, types, strict=True) if row[1] in ("VARCHAR", "BLOB")
        ]
        left_out = self._no_rows_among(file, cells, texts, parameters, no_rows) if texts else {}
        source = statement("parquet_rows", cells=named, numbers="false", where="true")
        if left_out:
            where = "not list_contains($left_out, file_row_number)"
            source = statement("parquet_rows", cells=named, numbers="true", where=where)
            parameters["left_out"] = list(left_out)
        try:
            findings = use(Rows(source, parameters, n_rows - len(left_out)))
            rejected = Counter(reason for reason, _ in left_out.values())
            return Reading(n_rows, findings, 0, rejected, rejected_rows=tuple(left_out.values()))
        except WrongCountError:
            raise UserError(
                f"{file.name} does not hold as many rows as it says. Make it again."
            ) from None

    def _no_rows_among(
        self,
        file: RecognisedFile,
        cells: Sequence[str],
        texts: Sequence[str],
        parameters: dict[str, object],
        no_rows: NoRows,
    ) -> dict[int, tuple[str, str]]:
        """The headers and lines of hyphens among the rows: number, reason and the row as a line.

        Raises UserError when a row is the header of another file.
        """
        values = parameters | {"underline": UNDERLINE_PATTERN}
        where = _is_underline(cells)
        # Half of the cells of a header are names of columns.
        if 2 * len(texts) >= len(cells):
            values["beginning"] = no_rows.beginning
            matches = (f"cast(regexp_matches({text}, $beginning) as integer)" for text in texts)
            where += f" or {' + '.join(f'coalesce({match}, 0)' for match in matches)} > 1"
        counted = statement("parquet_rows", cells="1", numbers="false", where=where)
        if not self.connection.execute(f"select 1 from {counted} limit 1", values).fetchall():
            return {}
        found = statement(
            "parquet_rows",
            cells=", ".join(["file_row_number", *cells]),
            numbers="true",
            where=where,
        )
        left_out: dict[int, tuple[str, str]] = {}
        rows = self.connection.execute(f"from {found}", values)
        while row := rows.fetchone():
            line = [(cell or "").encode() for cell in row[1:]]
            reason = no_rows.reason(b",".join(line), line)
            if reason == OTHER_HEADER:
                raise other_header(f"Row {row[0] + 1:,}", file.name)
            if reason:
                left_out[row[0]] = (reason, ",".join(cell or "" for cell in row[1:]))
        return left_out

    def _read_plain(self, file: RecognisedFile, path: str, use: Use) -> Reading | None:
        """Read a text file with DuckDB; None if it must be read line by line."""
        scan = file.scan
        if scan is None or scan.lines is None:
            return None
        try:
            rows = _text_rows(file.header, path, scan.lines, is_copy=False)
            return Reading(scan.lines, use(rows), scan.blank_lines)
        except (duckdb.InvalidInputException, duckdb.ConversionException, WrongCountError):
            return None
        except duckdb.IOException:
            if not file.header.is_compressed:
                raise
            return None  # padding after the end of the text, which gzip allows

    def _read_exactly(
        self, file: RecognisedFile, no_rows: NoRows, use: Use, progress: Progress
    ) -> Reading:
        encoding = (file.scan and file.scan.encoding) or "utf-8"
        copy = copy_exactly(file.header, encoding, no_rows, self.folder, progress)
        if not self.allow_rejected:
            _refuse_loss(file, copy)
        try:
            with engine_path(copy.paths.rows) as path:
                gaps_path = copy.paths.gaps if copy.has_gaps else None
                rows = _text_rows(file.header, path, copy.n_rows, is_copy=True, gaps=gaps_path)
                findings = use(rows)
        except (duckdb.InvalidInputException, duckdb.ConversionException, WrongCountError):
            raise UserError(
                f"{file.name} could not be read exactly: DuckDB does not find the {copy.n_rows:,} "
                "rows in it that were counted. Please report this."
            ) from None
        return Reading(copy.n_lines, findings, copy.n_blank_lines, copy.rejected, copy)


def _text_rows(
    header: Header, path: str, n_rows: int, *, is_copy: bool, gaps: Path | None = None
) -> Rows:
    cells = [f"cell_{position}" for position in range(1, len(header.cells) + 1)]
    values: dict[str, object] = {
        "path": path,
        "cells": dict.fromkeys(cells, "varchar"),
        "delimiter": header.delimiter,
        "compression": "gzip" if header.is_compressed and not is_copy else "none",
        # No value may be taken for "no value": an empty one is text too.
        "no_such_value": uuid.uuid4().hex,
    }
    return Rows(statement("text_rows", settings=statement("text_settings")), values, n_rows, gaps)


def _refuse_nested(file: RecognisedFile, types: Sequence[str]) -> None:
    """Refuse a file in which a known column has lists or records for values."""
    for column, type_ in zip(file.fit.columns, types, strict=True):
        if column and (type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION"))):
            raise UserError(
                f"The column {column} of {file.name} holds lists or records, not single values."
                " Write one value in each cell."
            )


def _as_text(file: RecognisedFile, position: int, type_: str) -> str:
    """SQL for a column of a Parquet file as text, the same whatever the time zone of the user."""
    cell = f"#{position}"
    column = file.fit.columns[position - 1] or ""
    if type_ == "TIMESTAMP WITH TIME ZONE":
        return f"cast(timezone('Europe/London', {cell}) as varchar)"
    if position - 1 in file.header.old_timestamps:
        return f"cast(timezone('Europe/London', timezone('UTC', {cell})) as varchar)"
    if type_ == "BLOB":
        return f"coalesce(try(decode({cell})), cast({cell} as varchar))"
    if file.dataset.kinds.get(column) == "identifier" and type_ in _LIMIT_OF_EXACT:
        return f"identifier_text({cell}, {_LIMIT_OF_EXACT[type_]})"
    return f"cast({cell} as varchar)"


def _is_underline(cells: Sequence[str]) -> str:
    """SQL for a row that may be a line of hyphens: no cell holds anything else."""
    alike = " and ".join(f"coalesce(regexp_full_match({cell}, $underline), true)" for cell in cells)
    return f"({alike} and contains(concat({', '.join(cells)}), '-'))"


def _refuse_loss(file: RecognisedFile, copy: ExactCopy) -> None:
    """Refuse a file if no line, or less than half of its lines, can be loaded."""
    reasons = {
        reason: n_lines for reason, n_lines in copy.rejected.items() if reason not in NEVER_ROWS
    }
    n_lost = sum(reasons.values())
    n_lines = copy.n_rows + n_lost
    if not n_lost or (copy.n_rows and 2 * n_lost <= n_lines):
        return
    why = ", ".join(f"{reason}: {count:,}" for reason, count in sorted(reasons.items()))
    raise UserError(
        f"{n_lost:,} of {n_lines:,} lines of {file.name}, {file.dataset.a_file}, cannot be"
        f" loaded ({why}; its header has {len(file.header.cells):,} columns). Correct the file, or"
        " use --allow-rejected to load the rest."
    )


def _refuse_damaged_identifiers(file: RecognisedFile, findings: Findings) -> None:
    for column in findings.damaged:
        if column.is_mostly_damaged:
            raise UserError(
                f"{column.n_damaged:,} of {column.n_values:,} values of {column.column} in"
                f" {file.name}, {file.dataset.a_file}, are numbers that lost digits"
                " (scientific notation, or decimal numbers too large to be exact): they identify"
                " nobody. Deliver identifiers as text, or use --allow-rejected to load the file"
                " with these identifiers as missing."
            )


@contextmanager
def _database_errors_of(file: RecognisedFile) -> Iterator[None]:
    """Say in one sentence what went wrong with a file.

    DuckDB's own words are left out: they may quote values of the file.
    """
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise WorkError(
            f"There is not enough memory to load {file.name}: raise WAREHOUSE_MEMORY, lower "
            "WAREHOUSE_THREADS, or free some disk space."
        ) from None
    except duckdb.IOException:
        # The file was read to its end before, so the disk is the more likely reason.
        raise WorkError(
            f"{file.name} could not be loaded: it cannot be read to its end, or the disk is full."
            " Free some space and try again."
        ) from None
    except duckdb.Error:
        raise UserError(
            f"{file.name} could not be loaded: DuckDB cannot read it. Make it again."
        ) from None


def _refuse_changed_file(file: RecognisedFile) -> None:
    try:
        is_same = file_state(file.header.path) == file.state
    except OSError:
        is_same = False
    if not is_same:
        raise UserError(f"{file.name} changed while it was being read. Try again.")
