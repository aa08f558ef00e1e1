"""The subcommand synthesise: SYNTHETIC extracts to try the warehouse with."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from social_care_warehouse.commands.shared import COMMAND_NAME, say
from social_care_warehouse.console import PlainCommand, speaks_plainly
from social_care_warehouse.settings import check_settings


@click.command(cls=PlainCommand, short_help="Make synthetic extracts to try it with.")
@click.argument("out_dir", type=click.Path(path_type=Path))
@click.option("--pupils", type=int, required=True, metavar="N", help="Pupils in the population.")
@click.option(
    "--seed", type=int, required=True, metavar="S", help="The same seed gives the same files."
)
@click.option(
    "--release", default="latest-episode", show_default=True, metavar="NAME",
    help="What the care extract holds: latest-episode (one episode a year, as delivered) or"
    " all-episodes.",
)  # fmt: skip
@click.option("--clean", is_flag=True, help="Leave out the faults that real extracts have.")
@click.option(
    "--datasets", default="social-care", show_default=True, metavar="NAME",
    help="What to make: social-care, or all, with school results, absence, exclusions, the school"
    " census and offences.",
)  # fmt: skip
@click.option(
    "--until", type=int, default=2018, show_default=True, metavar="YEAR",
    help="The year in which the last school year ends, 2018 to 2025.",
)  # fmt: skip
@click.option(
    "--authority-effects", default="usual", show_default=True, metavar="NAME",
    help="Effect of local authorities on the offending of children with social care: usual (they"
    " differ), none, or ten (1.5 times the chance in ten of them). With --datasets all.",
)  # fmt: skip
@click.option(
    "--threads", type=int, metavar="N", help="Cores to use. The files do not depend on it."
)
@speaks_plainly
def synthesise(**options: Any) -> None:
    """Make SYNTHETIC extracts in OUT_DIR to try the warehouse with, for teaching and tests.

    No real person is in them. The lives are simulated with rates from published statistics, and
    OUT_DIR/truth holds what happened in them. Not for inference.
    """
    check_settings()
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
            "They have faults like those of real extracts, so a build will show warnings."
            " --clean leaves the faults out."
        )
    say(
        f"To build a warehouse from them: {COMMAND_NAME} build {order.out_dir}"
        f" --database warehouse.duckdb --children-represented {made.children_represented}"
    )
