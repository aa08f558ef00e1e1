"""Load a delivery of extract files into the schema `raw` of a warehouse."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.markup import escape

from social_care_warehouse.console import console, error_console, speaks_plainly
from social_care_warehouse.loading import load_delivery
from social_care_warehouse.loading.summary import print_summary

INTERRUPTED_EXIT_CODE = 130


@click.command()
@click.argument("extract_dir", type=click.Path(path_type=Path))
@click.option(
    "--database",
    required=True,
    type=click.Path(path_type=Path),
    help="The DuckDB file to load into; it is made if it is not there.",
)
@click.option(
    "--fill-missing-columns",
    is_flag=True,
    help="Load files of a dataset with different columns too, blanks where one is missing.",
)
@speaks_plainly
def load(extract_dir: Path, database: Path, fill_missing_columns: bool) -> None:
    """Load the extract files in EXTRACT_DIR, as they are, into the schema raw of a database.

    Each file's dataset is told by its header. What was loaded before is replaced.
    """
    try:
        with console.status("Loading") as status:

            def report(sentence: str) -> None:
                if console.is_terminal:
                    status.update(f"{escape(sentence)} ...")
                else:
                    console.print(f"{sentence} ...", markup=False, soft_wrap=True)

            result = load_delivery(
                extract_dir, database, fill_missing_columns=fill_missing_columns, report=report
            )
        print_summary(result, console)
    except KeyboardInterrupt:
        error_console.print("Stopped. The database is as it was.", style="red")
        sys.exit(INTERRUPTED_EXIT_CODE)


if __name__ == "__main__":
    load()
