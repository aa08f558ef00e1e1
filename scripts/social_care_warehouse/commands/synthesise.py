"""The subcommand synthesise: SYNTHETIC extracts to try the warehouse with."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from social_care_warehouse.commands.shared import COMMAND_NAME, say
from social_care_warehouse.console import PlainCommand, speaks_plainly
from social_care_warehouse.settings import check_settings


@click.command(cls=PlainCommand, short_help="Make SYNTHETIC extracts, to try the warehouse with.")
@click.argument("out_dir", type=click.Path(path_type=Path))
@click.option("--pupils", type=int, required=True, metavar="N", help="How many pupils to make.")
@click.option(
    "--seed", type=int, required=True, metavar="S", help="The same seed gives the same files."
)
@click.option(
    "--release", default="latest-episode", show_default=True, metavar="NAME",
    help="Episodes in the care extract: latest-episode (only the latest of each year, as in the"
    " real extract) or all-episodes.",
)  # fmt: skip
@click.option("--clean", is_flag=True, help="Leave out the faults that real extracts have.")
@click.option(
    "--datasets", default="social-care", show_default=True, metavar="NAME",
    help="Datasets to make: social-care, or all (also school results, absence, exclusions, school"
    " census and offences).",
)  # fmt: skip
@click.option(
    "--until", type=int, default=2018, show_default=True, metavar="YEAR",
    help="The year in which the last school year ends: 2018 to 2025.",
)  # fmt: skip
@click.option(
    "--authority-effects", default="usual", show_default=True, metavar="NAME",
    help="How much local authorities change the chance that a child with social care offends: usual"
    " (they differ), none, or ten (1.5 times the chance in ten of them). Needs --datasets all.",
)  # fmt: skip
@click.option(
    "--birth-years", metavar="YEARS",
    help="Only pupils born in these school years, for example 1994-1998: September 1994 to August"
    " 1999. Default: all.",
)  # fmt: skip
@click.option(
    "--threads", type=int, metavar="N", help="Cores to use. The files are the same with any number."
)
@speaks_plainly
def synthesise(**options: Any) -> None:
    """Make SYNTHETIC extracts in OUT_DIR, to try the warehouse with, to teach and to test.

    They hold no real person. The command simulates lives with rates from published statistics.
    OUT_DIR/truth holds what happened in each life. Do not draw conclusions about real children from
    them.
    """
    check_settings()
    from social_care_warehouse.files.paths import typed  # noqa: PLC0415
    from social_care_warehouse.synthesis.generate import Order, generate  # noqa: PLC0415

    started = time.monotonic()
    order = Order(**options)
    made = generate(order)
    for name, rows in made.rows.items():
        say(f"  {name}: {rows:,} rows")
    say(
        f"SYNTHETIC extracts of {order.pupils:,} pupils are in {order.out_dir}"
        f" ({time.monotonic() - started:.0f} s). No real person is in them."
    )
    if not order.clean:
        say(
            "They have the faults of real extracts, so a build will show warnings. To make extracts"
            " without faults, add --clean."
        )
    say(
        f"To build a warehouse from them: {typed(COMMAND_NAME)} build {order.out_dir}"
        f" --database warehouse.duckdb --children-represented {made.children_represented}"
    )
