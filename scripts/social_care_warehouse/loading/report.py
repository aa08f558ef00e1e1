"""What a load did, or a check found, on the screen and for machines."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from social_care_warehouse.files.paths import typed
from social_care_warehouse.loading.fit import in_short
from social_care_warehouse.loading.header import Header
from social_care_warehouse.loading.names import printable
from social_care_warehouse.loading.read import Reading
from social_care_warehouse.loading.result import ENCODING_NAMES, Check, LoadResult
from social_care_warehouse.loading.survey import Entry, RecognisedFile, Verdict


def print_summary(result: LoadResult, console: Console, parquet_dir: Path | None = None) -> None:
    """Show what was loaded, what was not and why, where it is, and what to do next."""
    console.print()
    console.print(_table_of_datasets(result))
    for remark in result.remarks:
        console.print(remark, markup=False)
    console.print()
    options = "build --profiles-dir profiles"
    if parquet_dir:
        done = f"Made {printable(parquet_dir)}"
        # Spark has an environment of its own.
        build = with_setting("WAREHOUSE_PARQUET", parquet_dir, f"dbt {options} --target spark")
    else:
        made = "Replaced the schema raw in" if result.has_replaced else "Made"
        done = f"{made} {printable(result.database)}"
        build = with_setting("WAREHOUSE_DB", result.database, f"{typed('dbt')} {options}")
    console.print(done, markup=False, soft_wrap=True)
    console.print(f"Next, in the project folder: {build}", markup=False, soft_wrap=True)


def with_setting(variable: str, path: Path, command: str) -> str:
    """A command with a path in the environment, as it is typed in this system's usual shell."""
    absolute = printable(path.absolute())
    if sys.platform == "win32":
        quoted = absolute.replace("'", "''")
        return f"$env:{variable} = '{quoted}'; {command}"
    return f"{variable}={shlex.quote(absolute)} {command}"


def _table_of_datasets(result: LoadResult) -> Table:
    table = Table("Dataset", title="Loaded into raw", title_justify="left")
    for heading in ("Files", "Lines", "Loaded", "Rejected"):
        table.add_column(heading, justify="right")
    for dataset in result.datasets:
        files = [file for file in result.files if file.dataset == dataset]
        counts = (
            len(files),
            sum(file.lines for file in files),
            sum(file.rows_loaded for file in files),
            sum(file.rows_rejected for file in files),
        )
        table.add_row(Text(dataset), *(f"{count:,}" for count in counts))
    return table


@dataclass
class CheckedFile:
    """What a check shows about one file or folder."""

    name: str
    taken_for: str | None = None
    refused_as: str | None = None  # the dataset that it nearly is
    why_not: str | None = None  # why it is not loaded
    format: str | None = None
    encoding: str | None = None
    is_plain: bool | None = None  # False where it has to be read line by line
    rows: int | None = None
    rows_are_exact: bool = False
    rows_rejected: int | None = None
    first_year: str | None = None
    last_year: str | None = None
    n_years: int | None = None
    year_in_names: int | None = None  # of the columns: the year in which the school year ends
    n_groups: int | None = None  # of numbered columns
    columns_found: list[str] = field(default_factory=list)
    columns_aliased: dict[str, str] = field(default_factory=dict)
    columns_missing: list[str] = field(default_factory=list)
    columns_not_delivered: list[str] = field(default_factory=list)
    columns_unused: list[str] = field(default_factory=list)
    did_you_mean: dict[str, str] = field(default_factory=dict)


def checked_files(check: Check) -> list[CheckedFile]:
    """What there is to show about every file and folder."""
    return [_checked(entry, check) for entry in check.delivery.entries]


def as_json(check: Check) -> str:
    """The whole check, for machines."""
    found = {
        "can_be_loaded": check.can_be_loaded,
        "folder": check.delivery.folder,
        "files": [asdict(file) for file in checked_files(check)],
        "not_delivered": check.not_delivered,
        "problems": check.problems,
        "warnings": [*check.warnings(), *check.suggestions()],
    }
    return json.dumps(found, indent=2)


def print_check(check: Check, console: Console) -> None:
    """A table of the files, what to look at, and whether a load would take them."""
    table = Table(title=f"Files in {escape(check.delivery.folder)}", title_justify="left")
    # What is too long continues in the next line: no column is cut off by a narrow screen.
    table.add_column("File", overflow="fold")
    table.add_column("Dataset", overflow="fold")
    table.add_column("Rows", overflow="fold", justify="right")
    table.add_column("Years", overflow="fold", justify="right")
    files = checked_files(check)
    for file in files:
        table.add_row(*map(Text, _cells(file)))
    console.print(table)
    sentences = [*check.warnings(), *check.suggestions(), *_listings(files)]
    for sentence in sentences:
        console.print(sentence, markup=False, soft_wrap=True)
    console.print()
    for problem in check.problems:
        console.print(Text(problem, style="red"), soft_wrap=True)
    if check.can_be_loaded:
        console.print("[green]These files can be loaded.[/green] A check loads nothing.")
    else:
        console.print("[red]These files cannot be loaded, for the reason above.[/red]")


def _checked(entry: Entry, check: Check) -> CheckedFile:
    checked = CheckedFile(entry.name)
    if entry.verdict is Verdict.UNUSED:
        checked.why_not = entry.reason
    elif entry.verdict is Verdict.REFUSED:
        checked.refused_as = entry.file.dataset.name if entry.file else None
        as_what = f" as {checked.refused_as}" if checked.refused_as else ""
        checked.why_not = f"refused{as_what}: see below"
    if entry.file:
        checked.format = _format_in_words(entry.file.header)
        checked.did_you_mean = entry.file.suggestions
        checked.columns_missing = entry.file.fit.missing
        if entry.verdict is Verdict.LOADED:
            checked.taken_for = entry.file.dataset.name
        # Where no dataset is known, not even the header is known to be one.
        if entry.verdict is not Verdict.UNUSED:
            _note_columns(checked, entry.file)
            _note_rows(checked, entry.file, check.readings.get(entry.name))
    return checked


def _note_columns(checked: CheckedFile, file: RecognisedFile) -> None:
    for position, (cell, column) in enumerate(
        zip(file.header.cells, file.fit.columns, strict=True), start=1
    ):
        if column is None:
            checked.columns_unused.append(file.header.shown(position))
        elif file.dataset.stem(cell)[0] == column:
            checked.columns_found.append(column)
        else:
            checked.columns_aliased[file.header.shown(position)] = column
    checked.columns_not_delivered = in_short(
        [
            column
            for column in file.dataset.columns
            if column not in file.fit.known and column not in file.dataset.required
        ]
    )
    checked.year_in_names = file.fit.year
    checked.n_groups = file.fit.n_groups or None


def _note_rows(checked: CheckedFile, file: RecognisedFile, reading: Reading | None) -> None:
    checked.encoding = file.scan.encoding if file.scan else None
    if reading is None:
        return
    if file.header.format == "csv":
        checked.is_plain = reading.copy is None
    checked.rows, checked.rows_are_exact = reading.lines - reading.rows_rejected, True
    checked.rows_rejected = reading.rows_rejected
    if reading.findings.years:
        first, last, checked.n_years = reading.findings.years
        checked.first_year, checked.last_year = _year_label(first), _year_label(last)


def _cells(file: CheckedFile) -> list[str]:
    return [
        file.name,
        file.taken_for or "not loaded",
        "" if file.rows is None else f"{file.rows:,}",
        f"{file.first_year} to {file.last_year}" if file.first_year else "",
    ]


def _listings(files: list[CheckedFile]) -> Iterator[str]:
    """What each file is, in sentences."""
    for file in files:
        if file.why_not:
            yield f"{file.name}: not loaded: {file.why_not}."
        if not file.taken_for and not file.refused_as:
            continue
        listings = {
            "known columns": [f"{len(file.columns_found) + len(file.columns_aliased):,}"],
            "groups of numbered columns": _listed(file.n_groups),
            "year in the names of its columns": _listed(file.year_in_names),
            "required but missing": file.columns_missing,
            "under another name": [f"{a} for {b}" for a, b in file.columns_aliased.items()],
            "not used": file.columns_unused,
            "optional and not delivered": file.columns_not_delivered if file.taken_for else [],
        }
        for what, columns in listings.items():
            if columns:
                yield f"{file.name}: {what}: {', '.join(columns)}."
        if file.encoding in ENCODING_NAMES:
            yield f"{file.name}: read as {ENCODING_NAMES[file.encoding]}."
        if file.is_plain is False:
            yield f"{file.name}: not plain, so it is read line by line, which takes longer."


def _listed(number: int | None) -> list[str]:
    return [str(number)] if number else []


def _format_in_words(header: Header) -> str:
    if header.format == "parquet":
        return "Parquet"
    words = {",": "commas", "\t": "tabs"}[header.delimiter]
    return f"{words}, gzip" if header.is_compressed else words


def _year_label(first_year: int) -> str:
    return f"{first_year}/{first_year + 1}"
