"""Write synthetic extracts: `python scripts/synthesise.py OUT_DIR --pupils 100000 --seed 1`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from social_care_warehouse.console import PlainCommand, console, speaks_plainly, stop_on_signals
from social_care_warehouse.synthesis.generate import RELEASES, Order, generate


@click.command(cls=PlainCommand)
@click.argument("out_dir", type=click.Path(path_type=Path))
@click.option(
    "--pupils", type=int, required=True, help="How many pupils the population file holds."
)
@click.option("--seed", type=int, required=True, help="The same seed gives the same files.")
@click.option(
    "--release",
    default=RELEASES[0],
    show_default=True,
    help=f"What the care extract holds: {' or '.join(RELEASES)}.",
)
@click.option("--clean", is_flag=True, help="Leave out the faults of the real extracts.")
@click.option("--threads", type=int, help="Threads to use; the files are the same for any number.")
@speaks_plainly
def main(**asked: Any) -> None:
    """Write SYNTHETIC extracts of the shape of the linked social care data into OUT_DIR.

    The lives are made up, the rates are those of published statistics, and what truly happened is
    in OUT_DIR/truth. Not for inference.
    """
    stop_on_signals()
    started = time.monotonic()
    order = Order(**asked)
    counts = generate(order)
    for name, rows in counts.items():
        console.print(f"  {name}: {rows:,} rows")
    console.print(
        f"SYNTHETIC extracts of {order.pupils:,} pupils are in {order.out_dir} "
        f"({time.monotonic() - started:.0f} seconds).",
        soft_wrap=True,
    )
    console.print(
        f"Next: python scripts/load.py {order.out_dir} --database warehouse.duckdb", soft_wrap=True
    )


if __name__ == "__main__":
    main()
