"""Step 6: what a load did, or a check found, as values and as sentences.

The sentences are ordered by harm: what makes numbers wrong comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from social_care_warehouse.loading.columns import matching_form
from social_care_warehouse.loading.examine import ColumnFindings
from social_care_warehouse.loading.fit import fit_of, in_short
from social_care_warehouse.loading.read import Reading
from social_care_warehouse.loading.survey import Delivery, RecognisedFile, Verdict

ENCODING_NAMES = {
    "latin-1": "Latin-1 (not valid UTF-8, so every byte is read as one character)",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
# With the header, 65,536 and 1,048,576 lines.
ROWS_OF_A_SHEET = (65_535, 1_048_575)
_KINDS = {
    "date": "a date",
    "year": "a year",
    "years": "an academic year",
    "flag": "0 or 1",
    "number": "a whole number",
    "decimal": "a number",
}


@dataclass(frozen=True)
class LoadedFile:
    """A file that was read, and the account of its lines."""

    file: RecognisedFile
    reading: Reading

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def dataset(self) -> str:
        return self.file.dataset.name

    @property
    def encoding(self) -> str | None:
        return self.file.scan.encoding if self.file.scan else None

    @property
    def unused_columns(self) -> tuple[str, ...]:
        return self.file.unused_columns

    @property
    def lines(self) -> int:
        return self.reading.lines

    @property
    def rejected(self) -> dict[str, int]:
        return self.reading.rejected

    @property
    def rows_rejected(self) -> int:
        return self.reading.rows_rejected

    @property
    def rows_loaded(self) -> int:
        return self.lines - self.rows_rejected


@dataclass(frozen=True)
class Read:
    """A delivery and what was read of its files."""

    delivery: Delivery
    readings: Mapping[str, Reading]  # by name of the file
    same_rows: Mapping[str, str]  # the name of a file, and of an earlier one with the same rows

    @property
    def files(self) -> tuple[LoadedFile, ...]:
        """The files that were read."""
        return tuple(
            LoadedFile(file, self.readings[file.name])
            for file in self.delivery.files
            if file.name in self.readings
        )

    @property
    def datasets(self) -> tuple[str, ...]:
        """The names of the known datasets."""
        return tuple(dataset.name for dataset in self.delivery.datasets)

    @property
    def not_delivered(self) -> tuple[str, ...]:
        """The datasets without a file; their tables are empty."""
        delivered = {
            entry.file.dataset.name
            for entry in self.delivery.entries
            if entry.file and entry.verdict is not Verdict.UNUSED
        }
        return tuple(name for name in self.datasets if name not in delivered)

    @property
    def rejected(self) -> Counter[tuple[str, str]]:
        """How many lines were rejected, by dataset and reason."""
        counts: Counter[tuple[str, str]] = Counter()
        for file in self.files:
            for reason, n_lines in file.rejected.items():
                counts[file.dataset, reason] += n_lines
        return counts

    def warnings(self) -> Iterator[str]:
        """What makes numbers wrong or lowers them."""
        for file in self.files:
            if first := self.same_rows.get(file.name):
                yield (
                    f"Same rows twice: {first} and {file.name} hold the same {file.rows_loaded:,}"
                    f" {'row' if file.rows_loaded == 1 else 'rows'} of {file.dataset}."
                    " Remove one of them from the folder: rows that are delivered twice can count"
                    " twice."
                )
        yield from self._pupils_in_doubt()
        for file in self.files:
            yield from _warnings_of_values(file)
        for file in self.files:
            if file.lines in ROWS_OF_A_SHEET:
                yield (
                    f"Cut off: {file.name} has {file.lines:,} rows, as many as a spreadsheet can"
                    " hold. It probably lost the rows after them. Make the file without a"
                    " spreadsheet."
                )
        for (dataset, reason), count in sorted(self.rejected.items()):
            yield f"Rejected: {_lines(count)} of {dataset}: {reason} (see raw.rejected_lines)."
        for file in self.files:
            if not file.rows_loaded:
                yield f"No rows: {file.name}, {file.file.dataset.a_file}, has a header and no rows."
        if missing := self.not_delivered:
            tables = "Its table is" if len(missing) == 1 else "Their tables are"
            yield f"Not delivered: {', '.join(missing)}. {tables} empty."

    def _pupils_in_doubt(self) -> Iterator[str]:
        """Files read as a list of pupils that also have columns of another dataset."""
        for file in self.files:
            if not file.file.dataset.layout.is_last_choice:
                continue
            more = {
                dataset.name: fit_of(file.file.header.cells, dataset).columns_unknown_to(
                    file.file.fit
                )
                for dataset in self.delivery.datasets
            }
            nearest = max(more, key=lambda name: len(more[name]))
            if columns := ", ".join(in_short(sorted(more[nearest]))):
                yield (
                    f"Read as a list of pupils: {file.name}, though it has columns of {nearest}:"
                    f" {columns}. If it is {nearest} data, add the columns that {nearest} requires."
                    " If it is a list of pupils, these columns are not used."
                )

    def suggestions(self) -> Iterator[str]:
        """Unused columns whose names are close to a known one."""
        for entry in self.delivery.entries:
            if entry.file and entry.verdict is not Verdict.UNUSED:
                for cell, suggestion in entry.file.suggestions.items():
                    yield (
                        f"Unknown column {cell.removeprefix('column ')} of {entry.name}:"
                        f" did you mean {suggestion}?"
                        " Then rename it in the header."
                    )


@dataclass(frozen=True)
class LoadResult(Read):
    """What a load did."""

    database: Path
    has_replaced: bool  # whether the database was there before

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to show about a load besides its counts. Each is a sentence."""
        return (
            *self.warnings(),
            *self.suggestions(),
            *self._encodings(),
            *self._unused_columns(),
            *(f"Not loaded: {entry.name} ({entry.reason})" for entry in self.delivery.unused),
        )

    def _encodings(self) -> Iterator[str]:
        for file in self.files:
            if file.encoding in ENCODING_NAMES:
                yield f"Read as {ENCODING_NAMES[file.encoding]}: {file.name}"

    def _unused_columns(self) -> Iterator[str]:
        for dataset in self.datasets:
            columns: dict[str, str] = {}
            for file in self.files:
                if file.dataset == dataset:
                    for column in file.unused_columns:
                        name, _ = file.file.dataset.stem(column)
                        columns.setdefault(matching_form(name), name)
            if columns:
                noun = "column" if len(columns) == 1 else "columns"
                names = ", ".join(in_short(list(columns.values())))
                yield f"Kept but not used: {len(columns)} {noun} of {dataset}: {names}"


@dataclass(frozen=True)
class Check(Read):
    """What a check found. With `problems`, a load would refuse the delivery."""

    contradictions: tuple[str, ...]  # between files

    @property
    def problems(self) -> list[str]:
        """Sentences, each reason enough not to load the delivery."""
        return [*self.delivery.problems, *self.contradictions]

    @property
    def can_be_loaded(self) -> bool:
        """Whether a load would take the delivery."""
        return not self.problems


def _warnings_of_values(file: LoadedFile) -> Iterator[str]:
    findings = file.reading.findings
    for column in findings.damaged:
        yield (
            f"Identifiers lost: {column.n_damaged:,} of {column.n_values:,} values of"
            f" {column.column} in {file.name} are numbers that lost digits (scientific notation)."
            " They identify nobody and count as missing. Deliver identifiers as text."
        )
    for column in findings.columns:
        if column.is_mostly_cut:
            yield (
                f"Identifiers cut: {column.n_cut:,} of {column.n_long:,} long values of"
                f" {column.column} in {file.name} have zeros after 15 digits, as a spreadsheet"
                " writes longer numbers. They do not fit those of other files, and several"
                " persons may have become one. Make the file without a spreadsheet."
            )
    for column in findings.columns:
        if column.n_most:
            yield (
                f"Placeholder: one value of {column.column} in {file.name} is on"
                f" {column.n_most:,} of {column.n_values:,} rows, more than one person can have."
                " It is probably a word for a missing identifier, and these rows would count as one"
                " person. Make it blank in the file."
            )
    if findings.n_lone_values:
        yield (
            f"Lone values: {_lines(findings.n_lone_values)} of {file.name} with a value in the"
            " first column and nothing else. They are probably notes below the table, and each can"
            " count as a person. Remove them from the file."
        )
    if findings.n_label_rows:
        yield (
            f"Labels: {_lines(findings.n_label_rows)} of {file.name} with no date, year, flag or"
            " number that can be read. Remove lines that hold labels."
        )
    for column in findings.columns:
        yield from _warnings_of_column(file, column)


def _warnings_of_column(file: LoadedFile, column: ColumnFindings) -> Iterator[str]:
    if column.is_month_first:
        yield (
            f"Dates month first: {column.n_month_first:,} values of {column.column} in {file.name}"
            " can only be dates with day and month the other way round, and dates are read with the"
            " day first or as year-month-day. Deliver dates as year-month-day."
        )
    if column.n_hour_early:
        yield (
            f"Dates at 23:00: {column.n_hour_early:,} values of {column.column} in {file.name}."
            " A program that keeps times in UTC writes a date in summer as 23:00 of the day before,"
            " and it is read as that day. Deliver dates without a time."
        )
    if column.is_mostly_unlike and column.n_unlike:
        yield (
            f"Unreadable: {column.n_unlike:,} of {column.n_values:,} values of {column.column} in"
            f" {file.name} are not {_KINDS[column.kind]} and count as missing."
        )


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"
