"""The subcommand load: the raw tables alone, for those who run dbt themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from social_care_warehouse.commands.check import check_files
from social_care_warehouse.commands.shared import (
    ANY_PATH,
    allow_rejected_option,
    fill_missing_columns_option,
    progress,
    say,
    stopped_with,
)
from social_care_warehouse.console import PlainCommand, UserError, console, speaks_plainly
from social_care_warehouse.settings import check_settings


@click.command(cls=PlainCommand, short_help="Load the files only, to run dbt yourself.")
@click.argument("extract_dir", type=ANY_PATH)
@click.option(
    "--database", type=ANY_PATH, metavar="PATH",
    help="The DuckDB file to load into. It is made if it does not exist.",
)  # fmt: skip
@click.option(
    "--parquet", "parquet_dir", type=click.Path(path_type=Path), metavar="DIR",
    help="Write Parquet files for Spark into this folder instead of a database.",
)  # fmt: skip
@fill_missing_columns_option
@allow_rejected_option
@click.option("--check", "is_check", is_flag=True, hidden=True)
@click.option("--json", "is_json", is_flag=True, hidden=True)
@speaks_plainly
def load(  # noqa: PLR0913, PLR0917
    extract_dir: Path,
    database: Path | None,
    parquet_dir: Path | None,
    fill_missing_columns: bool,
    allow_rejected: bool,
    is_check: bool,
    is_json: bool,
) -> None:
    """Load the files in EXTRACT_DIR, unchanged, into the schema raw of a database.

    The column names in a file show which dataset it is. This replaces the extracts that were loaded
    before and leaves the other tables as they are. You need 'load' only if you run dbt yourself:
    'build' also loads.
    """
    if is_check:
        check_files(extract_dir, fill_missing_columns, allow_rejected, is_json)
    elif is_json:
        raise UserError("--json needs --check. Add --check.")
    elif database and not parquet_dir:
        _load_database(extract_dir, database, fill_missing_columns, allow_rejected)
    elif parquet_dir and not database:
        _load_parquet(extract_dir, parquet_dir, fill_missing_columns, allow_rejected)
    else:
        raise UserError("Give either --database PATH or --parquet DIR.")


def _load_database(
    extract_dir: Path, database: Path, fill_missing_columns: bool, allow_rejected: bool
) -> None:
    check_settings()
    from social_care_warehouse.files.lock import only_writer_of  # noqa: PLC0415
    from social_care_warehouse.files.paths import check_database_path, real_path  # noqa: PLC0415
    from social_care_warehouse.loading import load_delivery  # noqa: PLC0415
    from social_care_warehouse.loading.report import print_summary  # noqa: PLC0415

    with stopped_with("The database is unchanged."), _loading() as report:
        place = real_path(database)
        check_database_path(place)
        with only_writer_of(place):
            result = load_delivery(
                extract_dir,
                place,
                fill_missing_columns=fill_missing_columns,
                allow_rejected=allow_rejected,
                report=report,
            )
    print_summary(result, console, None)


def _load_parquet(
    extract_dir: Path, folder: Path, fill_missing_columns: bool, allow_rejected: bool
) -> None:
    check_settings()
    from social_care_warehouse.files.paths import real_path  # noqa: PLC0415
    from social_care_warehouse.loading.parquet import hand_over  # noqa: PLC0415
    from social_care_warehouse.loading.report import print_summary  # noqa: PLC0415

    with stopped_with("The folder is unchanged."), _loading() as report:
        result = hand_over(
            extract_dir,
            real_path(folder),
            fill_missing_columns=fill_missing_columns,
            allow_rejected=allow_rejected,
            report=report,
        )
    print_summary(result, console, folder)


@contextmanager
def _loading() -> Iterator[Callable[[str], None]]:
    """Show each step; without a terminal as a line of its own, so that a log has them all."""
    with progress("Loading") as report:
        yield report if console.is_terminal else lambda sentence: say(f"{sentence} ...")
