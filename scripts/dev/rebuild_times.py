"""Measures what a second build costs, relative to the first, on SYNTHETIC extracts.

Builds a warehouse from nothing, then again after each change: nothing, a definition, a label in a
code list, one file. Prints time, processor time, peak memory and the ratio to the first build.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import click

from dev.benchmark import machine, page, runs
from dev.page import Grid, fill, find_page, markdown, screen_table
from social_care_warehouse.console import PROJECT_DIR, console, speaks_plainly
from social_care_warehouse.synthesis.generate import Order, generate

COPIED = ("dbt_project.yml", "pyproject.toml", "macros", "models", "profiles", "scripts", "seeds")
TESTS = "tests/singular"
LABELS = "seeds/lookups/placement.csv"
DEFINITION = "plan_start"
FILE = "population.csv"


class Project:
    """A copy of the project, so that a change of it touches nobody else's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        for name in (*COPIED, TESTS):
            source, place = PROJECT_DIR / name, folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, place)
            else:
                shutil.copy(source, place)

    def change_label(self) -> None:
        """Give the first code of a list another label."""
        path = self.folder / LABELS
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        rows[1][rows[0].index("label")] += " (changed)"
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows(rows)


def drop_last_line(path: Path) -> None:
    """Shorten a file by its last line."""
    with path.open("rb+") as file:
        file.seek(max(path.stat().st_size - 4096, 0))
        end = file.read()
        file.truncate(path.stat().st_size - len(end) + end.rstrip().rindex(b"\n") + 1)


def measure_build(
    project: Path, python: Path, extracts: Path, folder: Path, *options: str
) -> dict[str, float]:
    """The cost of one build of a project into a folder. Raises UserError if it fails."""
    command = [
        str(python), str(project / "scripts/build.py"), str(extracts),
        "--database", str(folder / "warehouse.duckdb"), *options,
    ]  # fmt: skip
    # Python keeps what it compiled, as where a user installed the packages.
    kept = {name: value for name, value in os.environ.items() if "BYTECODE" not in name}
    # Its own code, not that of this project where it is installed.
    kept |= {"PYTHONPATH": str(project / "scripts")}
    return runs.measure_work("The build", command, folder, kept)


def measure_all(extracts: Path, folder: Path) -> dict[str, dict[str, float]]:
    """The cost of the first build, and of a build after each change."""
    project = Project(folder / "project")
    (folder / "warehouse.duckdb").unlink(missing_ok=True)
    changes: dict[str, Callable[[], None]] = {
        "first build": lambda: None,
        "nothing": lambda: None,
        "another definition": lambda: options.extend(("--definition", DEFINITION)),
        "a label in a code list": project.change_label,
        "one file (population)": lambda: drop_last_line(extracts / FILE),
    }
    python = Path(sys.executable)
    options: list[str] = []
    costs = {}
    for name, change in changes.items():
        console.print(f"  {name}")
        change()
        costs[name] = measure_build(project.folder, python, extracts, folder, *options)
    return costs


def table(costs: dict[str, dict[str, float]]) -> Grid:
    """One row for each build, with its cost relative to the first."""
    first = next(iter(costs.values()))
    headings = ["changed", *page.COSTS, "time relative to the first build"]
    return headings, [
        [
            name,
            *page.cost_cells(cost),
            f"{100 * cost['wall_seconds'] / first['wall_seconds']:.0f}%",
        ]
        for name, cost in costs.items()
    ]


@click.command(help=__doc__)
@click.option("--pupils", type=int, default=100_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--datasets", type=click.Choice(["social-care", "all"]), default="all")
@click.option("--fill-page", is_flag=True, help="Also fill the table in docs/**/rebuild.md.")
@speaks_plainly
def main(pupils: int, seed: int, datasets: str, fill_page: bool) -> None:
    found_on = machine.describe()
    folder = PROJECT_DIR / "target" / "rebuild_times"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    console.print(f"Making extracts of {pupils:,} pupils")
    extracts = folder / "extracts"
    generate(Order(extracts, pupils, seed, release="latest-episode", datasets=datasets))
    costs = measure_all(extracts, folder)
    what = "all datasets" if datasets == "all" else "the social care datasets"
    title = f"{pupils:,} SYNTHETIC pupils, {what}"
    console.print(screen_table(title, table(costs)))
    if fill_page:
        block = f"{machine.in_words(found_on)}\n\n**{title}**\n\n{markdown(table(costs))}"
        fill(find_page("rebuild.md"), {"rebuilds": block})
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
