"""Measures how much each release misses of lives that are known.

Makes the same SYNTHETIC lives as both releases, builds both, and compares both with the truth.
Fills docs/**/misclassification.md and draws its figure.
"""

from __future__ import annotations

import time
from pathlib import Path

import click

from dev.misclassification.comparison import Comparison
from dev.misclassification.figure import draw
from dev.misclassification.page import blocks, check_page, print_tables
from dev.misclassification.releases import build, make_releases
from dev.page import fill, find_page
from social_care_warehouse.console import PROJECT_DIR, PlainCommand, console, speaks_plainly


@click.command(cls=PlainCommand, help=__doc__)
@click.option("--pupils", type=int, default=100_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=PROJECT_DIR / "target" / "misclassification",
    help="Where extracts, warehouses and tables go; target/misclassification by default.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=lambda: find_page("misclassification.md"),
    help="The page to fill in. The figure goes to figures/ in its folder.",
)
@speaks_plainly
def main(pupils: int, seed: int, folder: Path, page: Path) -> None:
    started = time.monotonic()
    check_page(page)
    releases = make_releases(folder, pupils, seed)
    for release in releases:
        build(release)
    comparison = Comparison(releases)
    print_tables(comparison, console)
    filled = blocks(comparison, pupils, seed)
    console.print(filled["findings"], markup=False)
    paths = comparison.write(folder, pupils, seed)
    paths.append(draw(comparison, page.parent / "figures", pupils, seed))
    fill(page, filled)
    for path in (*paths, page):
        console.print(f"  {path}", markup=False, soft_wrap=True)
    console.print(f"Done in {time.monotonic() - started:.0f} seconds. All of it is SYNTHETIC.")


if __name__ == "__main__":
    main()
