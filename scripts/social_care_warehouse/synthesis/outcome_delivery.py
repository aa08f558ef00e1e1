"""Writes the files of schooling and offending: one per school year where they are yearly.

Which column a file has in which year, and what fills it, is in `settings/outcome_layout.csv`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from social_care_warehouse.sql_text import literal
from social_care_warehouse.synthesis.delivery import TRUTH_DIR, copy_to_parquet, truth_part

# Groups of numbered columns in the exclusion files, except in the years of the settings.
USUAL_SLOTS = 40
# The absence of 2019/20 was not shared.
NOT_SHARED = {("absence", 2020)}

# What the truth of each batch is read from.
TRUTH_VIEWS = {
    "person_outcome": "outcome_truth",
    "outcome_dirty_row": "truth_outcome_dirty_row",
}

# Its name, what fills it, and the first and last year in which it is there.
Column = tuple[str, str, int | None, int | None]


@dataclass(frozen=True)
class OutcomeFile:
    """One file to write: its name, the view that holds its rows, and which columns to write."""

    name: str
    view: str
    delimiter: str
    school_year: int | None
    columns: tuple[tuple[str, str], ...]

    def query(self) -> str:
        """The rows of the view in the columns of this file."""
        chosen = ", ".join(f'{source} as "{name}"' for name, source in self.columns)
        where = "" if self.school_year is None else f" where school_year = {self.school_year}"
        return f"select {chosen} from {self.view}{where}"


class OutcomeDelivery:
    """The files of one output, which grow with every batch."""

    def __init__(self, folder: Path, parts: Path, files: list[OutcomeFile]) -> None:
        self.folder = folder
        self.parts = parts
        self.files = files
        self.rows = {file.name: 0 for file in files}
        self.batches = 0

    def add_batch(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Append the batch that the views now show."""
        for file in self.files:
            part = self.parts / file.name
            written = connection.execute(
                f"copy ({file.query()}) to {literal(part)}"
                f" (format csv, header {self.batches == 0}, delimiter '{file.delimiter}')"
            ).fetchall()
            self.rows[file.name] += written[0][0]
            with part.open("rb") as source, (self.folder / file.name).open("ab") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            part.unlink()
        if self.files:
            for name, view in TRUTH_VIEWS.items():
                copy_to_parquet(connection, view, truth_part(self.parts, name, self.batches))
        self.batches += 1

    def finish(self, connection: duckdb.DuckDBPyConnection, ranks: str) -> None:
        """Make one file of each truth, with the places within all pupils of a year."""
        self._read_parts(connection, "person_outcome")
        connection.execute(ranks)
        self._write_truth(connection, "person_outcome", "all_person_outcome")
        self._read_parts(connection, "outcome_dirty_row")
        self._write_truth(
            connection,
            "outcome_dirty_row",
            "read_parquet(getvariable('parts'), hive_partitioning = false)",
        )
        self._write_truth(connection, "local_authority", "truth_local_authority")

    def _read_parts(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        parts = [str(truth_part(self.parts, name, number)) for number in range(self.batches)]
        connection.execute("set variable parts = ?", [parts])

    def _write_truth(self, connection: duckdb.DuckDBPyConnection, name: str, source: str) -> None:
        copy_to_parquet(connection, source, self.folder / TRUTH_DIR / f"{name}.parquet")


def outcome_files(connection: duckdb.DuckDBPyConnection, until: int) -> list[OutcomeFile]:
    """Every file of schooling and offending up to this school year, from the settings."""
    layout = _layout(connection)
    slots = dict(connection.execute("select school_year, slots from exclusion_slots").fetchall())
    return [
        OutcomeFile(
            name,
            f"{file}_file",
            delimiter,
            year,
            _columns_of_all_years(layout[file])
            if year is None
            else _columns_of_year(layout[file], year, slots.get(year, USUAL_SLOTS)),
        )
        for file, name, delimiter, year in _files(connection, until)
    ]


def outcome_names(connection: duckdb.DuckDBPyConnection, until: int) -> set[str]:
    """The names of these files."""
    return {name for _, name, _, _ in _files(connection, until)}


def _files(
    connection: duckdb.DuckDBPyConnection, until: int
) -> list[tuple[str, str, str, int | None]]:
    """The dataset, name, delimiter and school year (None: all years) of each file."""
    files: list[tuple[str, str, str, int | None]] = []
    for file, template, delimiter, is_yearly, first, last in connection.execute(
        "select file, name, delimiter, is_yearly, first_year, last_year from outcome_file"
    ).fetchall():
        mark = "\t" if delimiter == "tab" else delimiter
        if not is_yearly:
            files.append((file, template.format(until=until), mark, None))
            continue
        for year in range(first, min(last, until) + 1):
            if (file, year) not in NOT_SHARED:
                files.append((file, template.format(year=year), mark, year))
    return files


def _columns_of_all_years(layout: list[Column]) -> tuple[tuple[str, str], ...]:
    """A column that is filled in some years only is NULL in the others."""
    return tuple(
        (name, source if first is None and last is None else _in_years(source, first, last))
        for name, source, first, last in layout
    )


def _in_years(source: str, first: int | None, last: int | None) -> str:
    return f"if(school_year between {first or 0} and {last or 9999}, {source}, null)"


def _columns_of_year(layout: list[Column], year: int, slots: int) -> tuple[tuple[str, str], ...]:
    """The columns of the file of this year. Numbered columns are repeated for each group."""
    here = [
        (name.replace("{yy}", f"{year % 100:02}"), source)
        for name, source, first, last in layout
        if (first or 0) <= year <= (last or 9999)
    ]
    single = [column for column in here if "{n}" not in column[0]]
    groups = [
        (name.replace("{n}", str(number)), source.replace("{n}", str(number)))
        for number in range(1, slots + 1)
        for name, source in here
        if "{n}" in name
    ]
    return tuple(single + groups)


def _layout(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Column]]:
    layout: dict[str, list[Column]] = {}
    for file, *column in connection.execute(
        "select file, column_name, filled_with, first_year, last_year from outcome_layout"
        " order by rowid"
    ).fetchall():
        layout.setdefault(file, []).append(tuple(column))
    return layout
