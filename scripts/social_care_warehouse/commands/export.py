"""The subcommand export: marts as files for R, Stata, SPSS or Python."""

from __future__ import annotations

from pathlib import Path

import click

from social_care_warehouse.commands.shared import (
    folder_option,
    progress,
    replace_option,
    say,
    stopped_with,
    warehouse_option,
)
from social_care_warehouse.console import PlainCommand, speaks_plainly


@click.command(cls=PlainCommand, short_help="Write marts as files for R, Stata, SPSS or Python.")
@warehouse_option
@folder_option("files")
@click.option(
    "--format", "file_format", required=True,
    type=click.Choice(["parquet", "csv", "stata", "spss"]),
    help="What to write: csv for R, stata (.dta), spss (.sav), or parquet.",
)  # fmt: skip
@click.option(
    "--mart", "marts", multiple=True, metavar="NAME",
    help="Export only this mart. Repeat the option for several. Default: all.",
)  # fmt: skip
@replace_option("files of the same name in DIR")
@speaks_plainly
def export(
    database: Path, folder: Path, file_format: str, marts: tuple[str, ...], replace: bool
) -> None:
    """Write marts of a warehouse as files, each with a data dictionary.

    The files hold data about persons. Keep them in the secure environment. Stata and SPSS files
    have labels for variables and values. Their long names are shortened: the data dictionary gives
    both names.
    """
    from social_care_warehouse.exporting.export import export_marts  # noqa: PLC0415

    with stopped_with("No file was written."), progress("Exporting") as report:
        files = export_marts(database, folder, file_format, marts, replace=replace, report=report)
    say(
        f"Files written to {folder}: {len(files)}, each with a data dictionary. They hold data"
        " about persons: keep them in the secure environment."
    )
