"""Looks at a delivery before it is loaded: what each file is, and whether a load would take it.

The files are read as a load reads them, and nothing is kept. Only names, counts and years are
shown.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.engine import start_duckdb
from social_care_warehouse.files.work_folder import files_for_owner_only, work_folder
from social_care_warehouse.loading.column_seeds import COLUMN_ALIASES, read_datasets
from social_care_warehouse.loading.engine_files import temporary_parent
from social_care_warehouse.loading.examine import Findings, examine, with_placeholders
from social_care_warehouse.loading.plan import plan_tables
from social_care_warehouse.loading.progress import Progress, Report
from social_care_warehouse.loading.read import Reader, Reading, Rows, Use
from social_care_warehouse.loading.result import Check
from social_care_warehouse.loading.same_rows import find_same_rows
from social_care_warehouse.loading.scan import no_rows_of, scan_files
from social_care_warehouse.loading.survey import Delivery, RecognisedFile, Verdict, survey


def check_delivery(
    extract_dir: Path,
    *,
    fill_missing_columns: bool = False,
    allow_rejected: bool = False,
    report: Report | None = None,
    aliases: Path = COLUMN_ALIASES,
) -> Check:
    """Look at every file of a folder. Raises UserError when there is no such folder."""
    say = report or (lambda sentence: None)
    delivery = survey(extract_dir, read_datasets(aliases))
    contradiction = _contradiction(delivery, fill_missing_columns=fill_missing_columns)
    delivery = scan_files(delivery, say)
    with ExitStack() as stack:
        stack.enter_context(files_for_owner_only())
        parent = temporary_parent() or Path(tempfile.gettempdir())
        folder = stack.enter_context(work_folder(parent, "extract-check"))
        connection = stack.enter_context(start_duckdb(folder / "spill"))
        reader = Reader(connection, folder, allow_rejected)
        delivery, readings = _read(reader, delivery, say)
        same_rows = find_same_rows(reader, delivery, readings, say)
    return Check(delivery, readings, same_rows, contradictions=contradiction)


def _contradiction(delivery: Delivery, *, fill_missing_columns: bool) -> tuple[str, ...]:
    """Why the files cannot be loaded together, if so."""
    try:
        plan_tables(delivery, fill_missing_columns=fill_missing_columns)
    except UserError as problem:
        return (str(problem),)
    return ()


def _read(reader: Reader, delivery: Delivery, say: Report) -> tuple[Delivery, dict[str, Reading]]:
    """Read each file; one that a load would not take is refused."""
    readings = {}
    entries = []
    for entry in delivery.entries:
        file = entry.file
        if file and entry.verdict is Verdict.LOADED:
            say(f"Reading {file.name}")
            progress = Progress(say, f"Reading {file.name} line by line", file.state[0])
            use = _examining(reader.connection, file)
            try:
                readings[file.name] = reader.read(file, no_rows_of(file, delivery), use, progress)
            except UserError as problem:
                entry = replace(entry, verdict=Verdict.REFUSED, reason=str(problem))  # noqa: PLW2901
        entries.append(entry)
    return replace(delivery, entries=tuple(entries)), readings


def _examining(connection: duckdb.DuckDBPyConnection, file: RecognisedFile) -> Use:
    def use(rows: Rows) -> Findings:
        findings = examine(connection, file, rows.source, rows.values, in_full=True)
        rows.refuse_other_count(findings.n_rows)
        return with_placeholders(connection, file, rows.source, rows.values, findings)

    return use
