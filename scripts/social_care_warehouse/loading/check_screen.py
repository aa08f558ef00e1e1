"""What a check found, on the screen and for machines."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from social_care_warehouse.loading.check import Check, CheckedFile
from social_care_warehouse.loading.summary import ENCODING_NAMES


def as_json(check: Check) -> str:
    """The whole check, for machines."""
    return json.dumps({"can_be_loaded": check.can_be_loaded, **asdict(check)}, indent=2)


def print_check(check: Check, console: Console) -> None:
    """A table of the files, what is worth a second look, and whether a load would take them."""
    table = Table(title=f"Files in {escape(check.folder)}", title_justify="left")
    # What is too long goes on in the next line: no column falls off a narrow screen.
    table.add_column("File", overflow="fold")
    table.add_column("Taken for", overflow="fold")
    table.add_column("Rows", overflow="fold", justify="right")
    table.add_column("Years", overflow="fold", justify="right")
    for file in check.files:
        table.add_row(*map(Text, _cells(file)))
    console.print(table)
    for sentence in _remarks(check):
        console.print(sentence, markup=False, soft_wrap=True)
    console.print()
    for problem in check.problems:
        console.print(Text(problem, style="red"), soft_wrap=True)
    if check.can_be_loaded:
        console.print("[green]These files can be loaded.[/green] Nothing was loaded now.")
    else:
        console.print("[red]These files would not be loaded, for the reason above.[/red]")


def _cells(file: CheckedFile) -> list[str]:
    return [
        file.name,
        file.taken_for or "not loaded",
        "" if file.rows is None else f"{'' if file.rows_are_exact else 'about '}{file.rows:,}",
        f"{file.first_year} to {file.last_year}" if file.first_year else "",
    ]


def _remarks(check: Check) -> list[str]:
    sentences = [
        f"Not delivered: {name}. Its table would be empty." for name in check.not_delivered
    ]
    for file in check.files:
        if not file.taken_for:
            sentences.append(f"{file.name}: not loaded: {file.why_not}.")
        if file.format is None:
            continue
        sentences += [
            f"{file.name}: did you mean {column} by {cell}?"
            for cell, column in file.did_you_mean.items()
        ]
        listings = {
            "known columns": [f"{len(file.columns_found) + len(file.columns_aliased):,}"],
            "required but missing": file.columns_missing,
            "optional and not delivered": file.columns_not_delivered if file.taken_for else [],
            "under another name": [f"{a} for {b}" for a, b in file.columns_aliased.items()],
            "not used": file.columns_unused,
        }
        sentences += [
            f"{file.name}: {what}: {', '.join(columns)}."
            for what, columns in listings.items()
            if columns
        ]
        if file.encoding in ENCODING_NAMES:
            sentences.append(f"{file.name}: would be read as {ENCODING_NAMES[file.encoding]}.")
        if file.is_plain is False:
            sentences.append(
                f"{file.name}: has lines out of the ordinary, so it would be read line by line and"
                " some may be set aside."
            )
    return sentences
