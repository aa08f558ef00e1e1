"""The subcommand report: one HTML page about a warehouse."""

from __future__ import annotations

from pathlib import Path

import click

from social_care_warehouse.commands.shared import (
    WHY_NO_ROWS,
    progress,
    replace_option,
    say,
    stopped_with,
    warehouse_option,
)
from social_care_warehouse.console import PlainCommand, speaks_plainly


@click.command(cls=PlainCommand, short_help="Write one HTML page with tables, charts and a map.")
@warehouse_option
@click.option(
    "--to", "file", required=True, type=click.Path(path_type=Path), metavar="FILE",
    help="The page to write, for example report.html.",
)  # fmt: skip
@click.option(
    "--boundaries", type=click.Path(path_type=Path), metavar="FILE",
    help="A GeoJSON file with the boundaries of authorities, for the map. Each polygon needs a"
    " property with the 9-character code of its authority. Default: one hexagon per authority.",
)  # fmt: skip
@replace_option("FILE if there is one")
@speaks_plainly
def report(database: Path, file: Path, boundaries: Path | None, replace: bool) -> None:
    """Write the report: one HTML page about a warehouse, to open in a browser.

    The page holds only rounded numbers and needs no network. Use it inside the secure environment.
    To publish tables, use 'outputs'.
    """
    from social_care_warehouse.reporting.report import write_report  # noqa: PLC0415

    with stopped_with("No report was written."), progress("Writing the report") as show:
        written = write_report(database, file, boundaries=boundaries, replace=replace, report=show)
    say(
        f"The report is in {file}. Open it in a browser. Use it inside the secure environment:"
        " it is not cleared for release."
    )
    if written.marts_without_rows:
        say(
            "Parts of it are empty, because the warehouse has no rows in"
            f" {', '.join(written.marts_without_rows)}. {WHY_NO_ROWS}"
        )
    if not written.has_charts:
        say(
            "It has tables only. For charts, type 'pip install vl-convert-python', then write it"
            " again with --replace."
        )
