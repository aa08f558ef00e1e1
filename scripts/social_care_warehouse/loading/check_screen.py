"""What a check found, on the screen and for machines."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from social_care_warehouse.loading.check import Check, CheckedFile
from social_care_warehouse.loading.summary import ENCODING_NAMES


def as_json(check: Check) -> str:
    """The whole check, for machines."""
    return json.dumps({"can_be_loaded": check.can_be_loaded, **asdict(check)}, indent=2)


def print_check(check: Check, console: Console) -> None:
    """A table of the files, what is worth a second look, and whether a load would take them."""
    table = Table(title=f"Files in {check.folder}", title_justify="left")
    table.add_column("File", overflow="fold", min_width=22)
    table.add_column("Taken for")
    for heading in ("Rows", "Years", "Columns", "By another name", "Unused"):
        table.add_column(heading, justify="right")
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
    taken_for = file.taken_for or f"not loaded: {file.why_not}"
    if file.format is None:
        return [file.name, taken_for, "", "", "", "", ""]
    n_found = len(file.columns_found) + len(file.columns_aliased)
    return [
        file.name,
        taken_for,
        "" if file.rows is None else f"{'' if file.rows_are_exact else 'about '}{file.rows:,}",
        f"{file.first_year} to {file.last_year}" if file.first_year else "",
        f"{n_found:,}",
        f"{len(file.columns_aliased):,}",
        f"{len(file.columns_unused):,}",
    ]


def _remarks(check: Check) -> list[str]:
    sentences = [
        f"Not delivered: {name}. Its table would be empty." for name in check.not_delivered
    ]
    for file in check.files:
        if file.format is None:
            continue
        sentences += [
            f"{file.name}: did you mean {column} by {cell}?"
            for cell, column in file.did_you_mean.items()
        ]
        listings = {
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
