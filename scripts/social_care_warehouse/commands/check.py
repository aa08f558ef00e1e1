"""The subcommand check: what the files are and whether they can be loaded."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from social_care_warehouse.commands.shared import (
    ANY_PATH,
    allow_rejected_option,
    fill_missing_columns_option,
    progress,
)
from social_care_warehouse.console import (
    BAD_INPUT_EXIT_CODE,
    PlainCommand,
    WorkError,
    console,
    error_console,
    lost_output,
    speaks_plainly,
)
from social_care_warehouse.settings import check_settings


@click.command(cls=PlainCommand, short_help="See what each file is and whether it can be loaded.")
@click.argument("extract_dir", type=ANY_PATH)
@fill_missing_columns_option
@allow_rejected_option
@click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")
@speaks_plainly
def check(
    extract_dir: Path, fill_missing_columns: bool, allow_rejected: bool, is_json: bool
) -> None:
    """Look at the files in EXTRACT_DIR: what each one is and whether it can be loaded.

    This changes nothing and opens no database. The exit code is 0 if all files can be loaded, and
    2 if 'build' would refuse them.
    """
    check_files(extract_dir, fill_missing_columns, allow_rejected, is_json)


def check_files(
    extract_dir: Path, fill_missing_columns: bool, allow_rejected: bool, is_json: bool
) -> None:
    """Do what `check` and `load --check` do."""
    check_settings()
    from social_care_warehouse.loading import check_delivery  # noqa: PLC0415
    from social_care_warehouse.loading.report import as_json, print_check  # noqa: PLC0415

    with progress("Looking", error_console) as report:
        checked = check_delivery(
            extract_dir,
            fill_missing_columns=fill_missing_columns,
            allow_rejected=allow_rejected,
            report=report,
        )
    if is_json:
        click.echo(as_json(checked))
    else:
        print_check(checked, console)
    if why := lost_output():
        raise WorkError(f"The result could not be written: {why}.")
    if not checked.can_be_loaded:
        sys.exit(BAD_INPUT_EXIT_CODE)
