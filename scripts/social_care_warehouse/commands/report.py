"""The subcommand report: one HTML page about a warehouse."""

from __future__ import annotations

from pathlib import Path

import click

from social_care_warehouse.commands.shared import progress, say, warehouse_option
from social_care_warehouse.console import PlainCommand, speaks_plainly


@click.command(cls=PlainCommand, short_help="Write a page with tables and charts to look at.")
@warehouse_option
@click.option(
    "--to", "file", required=True, type=click.Path(path_type=Path), metavar="FILE",
    help="The page to write, for example report.html.",
)  # fmt: skip
@click.option(
    "--boundaries", type=click.Path(path_type=Path), metavar="FILE",
    help="Draw the map with the polygons of this GeoJSON file. Each needs a property with the"
    " 9-character code of its authority. Default: one hexagon for each authority.",
)  # fmt: skip
@click.option("--replace", is_flag=True, help="Replace FILE if it exists.")
@speaks_plainly
def report(database: Path, file: Path, boundaries: Path | None, replace: bool) -> None:
    """Write the report: one HTML page about a warehouse, to open in a browser.

    It is made only from rounded tables and asks nothing of any network. It is for use inside the
    secure environment. To publish tables, use 'outputs'.
    """
    from social_care_warehouse.reporting.report import write_report  # noqa: PLC0415

    with progress("Writing the report") as show:
        has_charts = write_report(
            database, file, boundaries=boundaries, replace=replace, report=show
        )
    say(
        f"The report is in {file}. Open it in a browser. It is for use inside the secure"
        " environment and not cleared for release."
    )
    if not has_charts:
        say(
            "It has tables only. For charts, install the package vl-convert-python"
            " (pip install vl-convert-python), then write it again with --replace."
        )
