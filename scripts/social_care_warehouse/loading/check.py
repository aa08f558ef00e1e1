"""Looks at a delivery before it is loaded: what each file would be taken for, and what is odd.

Nothing is loaded and no database is opened. Nothing but names, counts and years is told of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.engine import OFFLINE
from social_care_warehouse.loading.columns import COLUMN_ALIASES, Dataset, Fit, read_datasets
from social_care_warehouse.loading.delivery import (
    DeliveredFile,
    Delivery,
    file_state,
    printable,
    survey,
)
from social_care_warehouse.loading.headers import (
    Header,
    NotOursError,
    has_readable_name,
    read_header,
)
from social_care_warehouse.loading.near_misses import near_misses, nearest_fit
from social_care_warehouse.loading.raw_columns import plan_table
from social_care_warehouse.loading.sql import any_file_name_pattern, statement
from social_care_warehouse.loading.text_scan import FileScan, scan_file

# By these columns the years of a dataset are told.
YEAR_ENDING = "ACADYR"
ENGINE_ENCODINGS = {"utf-8": "utf-8", "latin-1": "latin-1", "utf-16-le": "utf-16"}


@dataclass
class CheckedFile:
    """What there is to know about one file or folder."""

    name: str
    taken_for: str | None = None
    refused_as: str | None = None  # the dataset that it nearly is
    why_not: str | None = None  # why it is not loaded
    format: str | None = None
    encoding: str | None = None
    is_plain: bool | None = None  # False where it has to be read line by line
    rows: int | None = None
    rows_are_exact: bool = False
    first_year: str | None = None
    last_year: str | None = None
    n_years: int | None = None
    columns_found: list[str] = field(default_factory=list)
    columns_aliased: dict[str, str] = field(default_factory=dict)
    columns_missing: list[str] = field(default_factory=list)
    columns_not_delivered: list[str] = field(default_factory=list)
    columns_unused: list[str] = field(default_factory=list)
    did_you_mean: dict[str, str] = field(default_factory=dict)


@dataclass
class Check:
    """What there is to know about a delivery. With `problems`, a load would refuse it."""

    folder: str
    files: list[CheckedFile]
    not_delivered: list[str]
    problems: list[str]

    @property
    def can_be_loaded(self) -> bool:
        return not self.problems


def check_delivery(
    extract_dir: Path,
    *,
    fill_missing_columns: bool = False,
    report: Callable[[str], None] | None = None,
    aliases: Path = COLUMN_ALIASES,
) -> Check:
    """Look at every file of a folder. Raises UserError when there is no such folder."""
    say = report or (lambda sentence: None)
    datasets = read_datasets(aliases)
    delivery = survey(extract_dir, datasets)
    recognised = {file.name: file for file in delivery.files}
    why_not = {file.name: file.reason for file in delivery.unused}
    problems = list(delivery.problems) + _contradictions(delivery, fill_missing_columns)
    files = []
    seen: dict[str, str] = {}
    for path in sorted(extract_dir.iterdir(), key=lambda path: path.name):
        name = printable(path.name)
        say(f"Looking at {name}")
        if name in recognised:
            checked, problem = _check_rows(recognised[name], seen)
            problems += [problem] if problem else []
        else:
            checked = _guess(path, name, why_not.get(name), datasets)
        files.append(checked)
    delivered = {file.taken_for or file.refused_as for file in files}
    return Check(
        folder=printable(extract_dir),
        files=files,
        not_delivered=[dataset.name for dataset in datasets if dataset.name not in delivered],
        problems=problems,
    )


def questions(extract_dir: Path, aliases: Path = COLUMN_ALIASES) -> list[str]:
    """What to ask the user about a delivery before it is loaded; a look at the headers only."""
    return [
        f"Attention: nothing uses the column {cell} of {file.name}; did you mean {suggestion}?"
        for file in survey(extract_dir, read_datasets(aliases)).files
        for cell, suggestion in near_misses(file.header.cells, file.fit).items()
    ]


def _contradictions(delivery: Delivery, fill_missing_columns: bool) -> list[str]:
    problems = []
    files = delivery.files_by_dataset()
    for dataset in delivery.datasets:
        try:
            plan_table(
                dataset, files.get(dataset.name, []), fill_missing_columns=fill_missing_columns
            )
        except UserError as problem:
            problems.append(str(problem))
    return problems


def _check_rows(file: DeliveredFile, seen: dict[str, str]) -> tuple[CheckedFile, str | None]:
    """A recognised file, read through once; and why it cannot be read, if so."""
    checked = CheckedFile(file.name, taken_for=file.dataset.name)
    _note_columns(checked, file.header, file.fit)
    try:
        scan = scan_file(file)
    except UserError as problem:
        return checked, str(problem)
    first = seen.setdefault(scan.content_sha256, file.name)
    if first != file.name:
        checked.why_not = f"the same content as {first}"
        checked.taken_for = None
    checked.encoding = scan.encoding
    if file.header.format != "parquet":
        checked.is_plain = scan.lines is not None
    _note_rows(checked, file, scan)
    return checked, None


def _note_columns(checked: CheckedFile, header: Header, fit: Fit) -> None:
    checked.format = _format_in_words(header)
    for position, (cell, column) in enumerate(zip(header.cells, fit.columns, strict=True), start=1):
        if column is None:
            checked.columns_unused.append(cell.strip() or f"column {position}")
        elif cell.strip() == column:
            checked.columns_found.append(column)
        else:
            checked.columns_aliased[cell.strip()] = column
    checked.columns_missing = fit.missing
    checked.columns_not_delivered = [
        column
        for column in fit.dataset.columns
        if column not in fit.known and column not in fit.dataset.required
    ]
    checked.did_you_mean = near_misses(header.cells, fit)


def _note_rows(checked: CheckedFile, file: DeliveredFile, scan: FileScan) -> None:
    checked.rows, checked.rows_are_exact = scan.lines, scan.lines is not None
    position = next(
        (
            p
            for p, column in enumerate(file.fit.columns, start=1)
            if (column or "").endswith(YEAR_ENDING)
        ),
        None,
    )
    year = "null" if position is None else f"cast(#{position} as varchar)"
    try:
        with duckdb.connect(config=OFFLINE) as connection:
            source, parameters = _source(file, scan)
            query = statement("check_rows", year=year, source=source)
            n_rows, earliest, latest, n_years = connection.execute(query, parameters).fetchone()
    except (duckdb.Error, UnicodeError, KeyError):
        return
    if checked.rows is None:
        checked.rows, checked.rows_are_exact = n_rows, file.header.format == "parquet"
    if earliest is not None:
        checked.first_year, checked.last_year = _year_label(earliest), _year_label(latest)
        checked.n_years = n_years


def _source(file: DeliveredFile, scan: FileScan) -> tuple[str, dict[str, object]]:
    parameters: dict[str, object] = {"path": any_file_name_pattern(file.path)}
    if file.header.format == "parquet":
        return "read_parquet($path)", parameters
    cells = [f"cell_{position}" for position in range(1, len(file.header.cells) + 1)]
    return statement("check_text"), parameters | {
        "cells": dict.fromkeys(cells, "varchar"),
        "delimiter": file.header.delimiter,
        "compression": "gzip" if file.header.is_compressed else "none",
        "encoding": ENGINE_ENCODINGS[scan.encoding or "utf-8"],
    }


def _guess(path: Path, name: str, why_not: str | None, datasets: Sequence[Dataset]) -> CheckedFile:
    """A file that is not loaded; if it comes near a dataset, what it lacks to be it."""
    checked = CheckedFile(name, why_not=why_not or "it is refused: see below")
    try:
        if not path.is_file() or not has_readable_name(path) or not file_state(path)[0]:
            return checked
        header = read_header(path, name, datasets)
    except (NotOursError, UserError, OSError):
        return checked
    nearest = nearest_fit(header.cells, datasets)
    if nearest is None:
        return checked
    _note_columns(checked, header, nearest)
    if why_not:
        # Not even its header is known to be one: its cells may be values.
        checked.columns_unused = []
    else:
        checked.refused_as = nearest.dataset.name
        checked.why_not = f"refused as {nearest.dataset.name}: see below"
    return checked


def _format_in_words(header: Header) -> str:
    if header.format == "parquet":
        return "Parquet"
    words = {",": "commas", "\t": "tabs"}.get(header.delimiter or "", "text")
    return f"{words}, gzip" if header.is_compressed else words


def _year_label(first_year: int) -> str:
    return f"{first_year}/{first_year + 1}"
