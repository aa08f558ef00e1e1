"""What a load did, on the screen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from social_care_warehouse.loading.loader import LoadResult

ENCODING_NAMES = {
    "latin-1": "Latin-1 (not valid UTF-8, so every byte was taken as one character)",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}


def print_summary(result: LoadResult, console: Console, parquet_dir: Path | None = None) -> None:
    """Show what was loaded, what was not and why, where it is, and what to do next."""
    console.print()
    console.print(_table(result))
    for line in remarks(result):
        console.print(line, markup=False)
    console.print()
    build = "dbt build --profiles-dir profiles"
    if parquet_dir:
        done = f"Made {parquet_dir}"
        build = f"WAREHOUSE_PARQUET={parquet_dir} {build} --target spark"
    elif result.has_replaced:
        done = f"Replaced the schema raw in {result.database}"
    else:
        done = f"Made {result.database}"
    console.print(done, markup=False, soft_wrap=True)
    console.print(f"Next: {build}", markup=False, soft_wrap=True)


def _table(result: LoadResult) -> Table:
    table = Table("Dataset", title="Loaded into raw", title_justify="left")
    for heading in ("Files", "Lines", "Loaded", "Set aside"):
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


def remarks(result: LoadResult) -> list[str]:
    """What is worth knowing of a load beyond its counts, a sentence each."""
    sentences = [f"Not delivered: {name}. Its table is empty." for name in result.not_delivered]
    sentences += [
        f"Set aside: {_lines(count)} of {dataset}: {reason} (see raw.rejected_lines)."
        for (dataset, reason), count in sorted(result.rejected.items())
    ]
    sentences += [
        f"Attention: not one line of {file.name} could be loaded."
        for file in result.files
        if file.lines and not file.rows_loaded
    ]
    sentences += [
        f"Read as {ENCODING_NAMES.get(file.encoding, file.encoding)}: {file.name}"
        for file in result.files
        if file.encoding in ENCODING_NAMES
    ]
    for dataset in result.datasets:
        columns = Counter(
            column
            for file in result.files
            if file.dataset == dataset
            for column in file.unused_columns
        )
        if columns:
            noun = "column" if len(columns) == 1 else "columns"
            names = ", ".join(columns)
            sentences.append(f"Kept but not used: {len(columns)} {noun} of {dataset}: {names}")
    sentences += [f"Not loaded: {file.name} ({file.reason})" for file in result.unused_files]
    return sentences


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"
