"""The subcommand outputs: tables and charts that pass disclosure control."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from social_care_warehouse.commands.shared import progress, say, stopped_with, warehouse_option
from social_care_warehouse.console import PlainCommand, speaks_plainly
from social_care_warehouse.settings import check_settings


@click.command(cls=PlainCommand, short_help="Make tables that may leave the environment.")
@warehouse_option
@click.option(
    "--to", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR",
    help="The folder for the tables. It is made if it does not exist.",
)  # fmt: skip
@click.option(
    "--spec", "specification", metavar="FILE_OR_NAME",
    help="A YAML file that describes tables, or the name of a ready-made one. Default: all"
    " ready-made tables that the warehouse has data for.",
)  # fmt: skip
@click.option(
    "--exact", "is_exact", is_flag=True,
    help="Show exact counts and hide more of them, instead of rounding.",
)  # fmt: skip
@click.option(
    "--rules", type=click.Path(path_type=Path), metavar="FILE",
    help="A YAML file with the thresholds of your environment. Default: the ready-made rules.",
)  # fmt: skip
@click.option(
    "--register", type=click.Path(path_type=Path), metavar="FILE",
    help="The register of earlier tables. Default: outputs_register.json in the folder above DIR.",
)  # fmt: skip
@click.option("--replace", is_flag=True, help="Replace earlier tables in DIR.")
@speaks_plainly
def outputs(**options: Any) -> None:
    """Make tables and charts that pass disclosure control.

    DIR/release holds what may leave after a check: tables, charts and a request for the person who
    checks. DIR/not-for-release holds the unrounded counts and the SQL for that person. Every table
    is compared with earlier ones in the register, so that no difference gives a person away.
    """
    check_settings()
    from social_care_warehouse.outputs.write import Order, write_outputs  # noqa: PLC0415

    order = Order(**options)
    with stopped_with("No table was written."), progress("Counting") as report:
        written = write_outputs(order, report)
    for name, n_hidden in written.n_hidden.items():
        say(f"  {name}: numbers hidden: {n_hidden}")
    for name, sentence in written.earlier.items():
        if "because of" in sentence or "not compared with" in sentence:
            say(f"  {name}: {sentence}")
    if written.left_out:
        say(f"Left out, because --exact needs a mart with persons: {', '.join(written.left_out)}.")
    say(
        f"Tables made: {len(written.n_hidden)}, in {order.folder / 'release'}. Give that folder to"
        " the person who checks outputs; request.csv lists what you ask for."
    )
    say(
        f"{order.folder / 'not-for-release'} holds unrounded counts for that person. It must not"
        " leave."
    )
