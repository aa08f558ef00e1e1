"""Load a delivery of extract files into the schema `raw` of a warehouse, or only look at it."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.markup import escape

from social_care_warehouse.console import (
    BAD_INPUT_EXIT_CODE,
    INTERRUPTED_EXIT_CODE,
    PlainCommand,
    UserError,
    console,
    error_console,
    speaks_plainly,
)
from social_care_warehouse.loading import check_delivery, load_delivery
from social_care_warehouse.loading.parquet import hand_over
from social_care_warehouse.loading.report import as_json, print_check, print_summary


@click.command(cls=PlainCommand)
@click.argument("extract_dir", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--database",
    type=click.Path(path_type=Path, readable=False),
    help="The DuckDB file to load into; it is made if it is not there.",
)
@click.option(
    "--parquet",
    "parquet_dir",
    type=click.Path(path_type=Path),
    help="Instead of a database, a folder of Parquet files, for another engine (docs/spark.md).",
)
@click.option(
    "--fill-missing-columns",
    is_flag=True,
    help="Load files of a dataset with different columns too, blanks where one is missing.",
)
@click.option(
    "--check",
    "is_check",
    is_flag=True,
    help="Only say what each file would be taken for and what is odd about it; load nothing.",
)
@click.option("--json", "is_json", is_flag=True, help="With --check: say it for machines.")
@speaks_plainly
def load(  # noqa: PLR0913, PLR0917
    extract_dir: Path,
    database: Path | None,
    parquet_dir: Path | None,
    fill_missing_columns: bool,
    is_check: bool,
    is_json: bool,
) -> None:
    """Load the extract files in EXTRACT_DIR, as they are, into the schema raw of a database.

    Each file's dataset is told by its header. What was loaded before is replaced. With --check no
    database is opened; exit code 0 says that the files can be loaded, 2 that they would be refused.
    """
    if is_check:
        _check(extract_dir, fill_missing_columns, is_json)
    elif is_json:
        raise UserError("--json goes with --check.")
    elif (database is None) == (parquet_dir is None):
        raise UserError(
            "Name the database to load into with --database, or a folder with --parquet,"
            " or only look with --check."
        )
    else:
        _load(extract_dir, database, parquet_dir, fill_missing_columns)


def _check(extract_dir: Path, fill_missing_columns: bool, is_json: bool) -> None:
    try:
        with error_console.status("Looking") as status:
            check = check_delivery(
                extract_dir,
                fill_missing_columns=fill_missing_columns,
                report=lambda sentence: status.update(f"{escape(sentence)} ..."),
            )
    except KeyboardInterrupt:
        error_console.print("Stopped.", style="red")
        sys.exit(INTERRUPTED_EXIT_CODE)
    if is_json:
        click.echo(as_json(check))
    else:
        print_check(check, console)
    if not check.can_be_loaded:
        sys.exit(BAD_INPUT_EXIT_CODE)


def _load(
    extract_dir: Path,
    database: Path | None,
    parquet_dir: Path | None,
    fill_missing_columns: bool,
) -> None:
    try:
        with console.status("Loading") as status:

            def report(sentence: str) -> None:
                if console.is_terminal:
                    status.update(f"{escape(sentence)} ...")
                else:
                    console.print(f"{sentence} ...", markup=False, soft_wrap=True)

            load_into, place = (
                (hand_over, parquet_dir) if parquet_dir else (load_delivery, database)
            )
            result = load_into(
                extract_dir, place, fill_missing_columns=fill_missing_columns, report=report
            )
        print_summary(result, console, parquet_dir)
    except KeyboardInterrupt:
        kept = "folder" if parquet_dir else "database"
        error_console.print(f"Stopped. The {kept} is as it was.", style="red")
        sys.exit(INTERRUPTED_EXIT_CODE)


if __name__ == "__main__":
    load()
