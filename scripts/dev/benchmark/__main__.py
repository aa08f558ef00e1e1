"""Compares this warehouse with other ways to one row per pupil.

Runs each way on the same SYNTHETIC extracts as a process of its own, in turns, and compares the
answers row for row. If any answer differs, it exits with 1 and shows no time. Before each size,
every way runs once on few pupils without being timed, so that libraries are in the disk cache.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from dev.benchmark import machine, page, runs
from dev.page import screen_table
from social_care_warehouse.console import PROJECT_DIR, UserError, console, speaks_plainly
from social_care_warehouse.synthesis.generate import Order, generate

WARM_PUPILS = 1_000


@click.command(help=__doc__)
@click.option(
    "--pupils", "sizes", multiple=True, default=["100000:3"], show_default=True, metavar="N:K",
    help="A number of pupils and of repeats. May be given several times.",
)  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--only", multiple=True, type=click.Choice([way.name for way in runs.WAYS]))
@click.option("--memory-limit", help="Build the largest size again with this much memory: 1GB.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=PROJECT_DIR / "target" / "benchmark",
    help="The folder for extracts, runs and benchmark.json.",
)  # fmt: skip
@click.option("--fill-page", is_flag=True, help="Also fill docs/**/scale.md and its figure.")
@speaks_plainly
def main(  # noqa: PLR0913, PLR0917
    sizes: tuple[str, ...],
    seed: int,
    only: tuple[str, ...],
    memory_limit: str | None,
    folder: Path,
    fill_page: bool,
) -> None:
    if not Path("/proc/self/stat").exists():
        raise UserError("The benchmark reads memory from /proc. Run it on Linux.")
    asked = sorted(map(_size, sizes))
    ways = [way for way in runs.WAYS if not only or way.name in only]
    if not runs.has_r():
        console.print("R, dplyr is skipped: Rscript with dplyr and readr is not installed.")
        ways = [way for way in ways if way.name != "dplyr"]
    result: page.Result = machine.describe() | {"sizes": [], "runs": []}
    try:
        for pupils, repeats in asked:
            taking_part = list(ways)
            if memory_limit and pupils == asked[-1][0]:
                taking_part.append(runs.limited(memory_limit))
            if pupils > WARM_PUPILS:
                list(_in_turns(taking_part, _extracts(WARM_PUPILS, seed, folder), 1, folder))
            extracts = _extracts(pupils, seed, folder)
            n_bytes = sum(path.stat().st_size for path in extracts.glob("*.csv"))
            result["sizes"].append({"pupils": pupils, "n_bytes": n_bytes})
            for run in _in_turns(taking_part, extracts, repeats, folder):
                result["runs"].append({"pupils": pupils} | run)
            page.write(result, folder / "benchmark.json")
    except (UserError, KeyboardInterrupt):
        # The runs before the one that failed can have taken an hour.
        page.write(result, folder / "benchmark.json")
        raise
    except runs.DisagreementError as error:
        console.print(f"{error} No time of this size is shown.", style="red", markup=False)
        sys.exit(1)
    for size in result["sizes"]:
        title = f"{size['pupils']:,} SYNTHETIC pupils; all answers are the same, row for row"
        console.print(screen_table(title, page.table(result, size["pupils"])))
    console.print(f"Written: {folder / 'benchmark.json'}", markup=False, soft_wrap=True)
    if fill_page:
        path, text = page.filled_page(result)
        path.write_text(text, encoding="utf-8")
        figures = path.parent / "figures"
        page.write(result, figures / "benchmark.json")
        page.draw(result, figures)


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([1-9]\d*)(?::([1-9]\d*))?", text)
    if not match:
        raise UserError(f"--pupils takes a number, or number:repeats, not {text}.")
    return int(match[1]), int(match[2] or 1)


def _extracts(pupils: int, seed: int, folder: Path) -> Path:
    """The extracts of a size, from an earlier run with this seed or made now."""
    extracts = folder / f"extracts-{pupils}-seed-{seed}"
    if not (extracts / "population.csv").exists():
        console.print(f"Making extracts of {pupils:,} pupils")
        generate(Order(extracts, pupils, seed, release="latest-episode"))
        os.sync()
    # The first way must not be the only one that waits for the disk.
    for path in extracts.glob("*.csv"):
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass
    return extracts


def _in_turns(
    ways: list[runs.Way], extracts: Path, repeats: int, folder: Path
) -> Iterator[dict[str, Any]]:
    """Every run as it ends, each repeat beginning with the next way. Prints no time."""
    first = None
    for repeat in range(repeats):
        start = repeat % len(ways)
        for way in ways[start:] + ways[:start]:
            console.print(
                f"  {extracts.name}, {repeat + 1} of {repeats}: {way.label}", markup=False
            )
            cost, answer = runs.run(way, extracts, folder / "run")
            if first:
                runs.check_same(answer, way.label, *first)
            else:
                first = (answer.replace(folder / f"first{answer.suffix}"), way.label)
            yield {"way": way.name, "label": way.label, **cost}


if __name__ == "__main__":
    main()
