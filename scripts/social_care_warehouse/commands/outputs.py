"""The subcommand outputs: tables and charts that pass disclosure control."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from social_care_warehouse.commands.shared import (
    WHY_NO_ROWS,
    folder_option,
    progress,
    replace_option,
    say,
    stopped_with,
    warehouse_option,
)
from social_care_warehouse.console import PlainCommand, speaks_plainly
from social_care_warehouse.settings import check_settings


@click.command(cls=PlainCommand, short_help="Make tables that may leave the secure environment.")
@warehouse_option
@folder_option("tables")
@click.option(
    "--spec", "specification", metavar="FILE_OR_NAME",
    help="A YAML file that describes tables, or the name of a ready-made table. Default: every"
    " ready-made table that the warehouse has data for.",
)  # fmt: skip
@click.option(
    "--exact", "is_exact", is_flag=True,
    help="Show exact counts instead of rounded ones, and hide more of them.",
)  # fmt: skip
@click.option(
    "--rules", type=click.Path(path_type=Path), metavar="FILE",
    help="A YAML file with your environment's disclosure rules. Default: the ready-made rules.",
)  # fmt: skip
@click.option(
    "--register", type=click.Path(path_type=Path), metavar="FILE",
    help="The file that records earlier tables. Default: outputs_register.json in the folder above"
    " DIR.",
)  # fmt: skip
@replace_option("earlier tables in DIR")
@speaks_plainly
def outputs(**options: Any) -> None:
    """Make tables and charts for disclosure control, to take out of the secure environment.

    DIR/release holds what may leave after a person has checked it: tables, charts and a request for
    release. DIR/not-for-release holds the unrounded counts and the SQL that this person needs. The
    command compares every table with earlier tables in the register, so that no difference between
    two tables reveals a person.
    """
    check_settings()
    from social_care_warehouse.outputs.write import Order, write_outputs  # noqa: PLC0415

    order = Order(**options)
    with stopped_with("No table was written."), progress("Counting") as report:
        written = write_outputs(order, report)
    for name, n_hidden in written.n_hidden.items():
        n_numbers = written.n_numbers[name]
        if not n_numbers:
            say(f"  {name}: no numbers. Its mart has no rows, or no row fits the filter.")
            continue
        why = ", because most groups are small" if 2 * n_hidden > n_numbers else ""
        if n_hidden == n_numbers:
            why = ", because every group is small or empty"
        say(f"  {name}: {n_hidden:,} of {n_numbers:,} numbers hidden{why}")
    for name, sentence in written.earlier.items():
        if "because of" in sentence or "not compared with" in sentence:
            say(f"  {name}: {sentence}")
    if written.without_rows:
        lacking = (f"{name} ({mart})" for name, mart in written.without_rows.items())
        say(
            "Not made, because the warehouse has no rows for them in the mart in brackets:"
            f" {', '.join(lacking)}. {WHY_NO_ROWS}"
        )
    if written.left_out:
        say(f"Left out, because --exact needs a mart with persons: {', '.join(written.left_out)}.")
    if written.conflicting:
        say(
            "Left out, because they would reveal small counts together with other tables:"
            f" {', '.join(written.conflicting)}."
        )
    say(
        f"Tables made: {len(written.n_hidden)}, in {order.folder / 'release'}. Give that folder to"
        " the person who checks outputs; request.csv lists what you ask for."
    )
    say(
        f"{order.folder / 'not-for-release'} holds unrounded counts for that person. It must not"
        " leave."
    )
