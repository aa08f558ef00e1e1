"""Measures a tested build of the same SYNTHETIC extracts at another commit and here, in turn.

The other commit is checked out in target/compare_commits, with an environment of its own. Each
builds once before it is measured, because the first build of a project takes longer. Prints the
median of the runs and the ratio to the other commit.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from dev.benchmark import machine
from dev.page import Grid, screen_table
from dev.rebuild_times import measure_build
from social_care_warehouse.console import PROJECT_DIR, console, speaks_plainly
from social_care_warehouse.synthesis.generate import Order, generate

HERE = "here"
MEASURES = {"time": "wall_seconds", "processor time": "cpu_seconds"}


@contextmanager
def checked_out(commit: str, project: Path) -> Iterator[Path]:
    """A worktree of the commit with its packages, which is removed at the end."""
    worktree = ["git", "-C", str(PROJECT_DIR), "worktree"]
    python = project / ".venv/bin/python"
    subprocess.run([*worktree, "add", "--detach", str(project), commit], check=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", str(project / ".venv")], check=True)
        subprocess.run(
            [
                str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                "--require-hashes", "-r", str(project / "requirements.lock"),
            ],
            check=True,
        )  # fmt: skip
        yield project
    finally:
        subprocess.run([*worktree, "remove", "--force", str(project)], check=True)


def measure_in_turn(
    projects: dict[str, tuple[Path, Path]], extracts: Path, repeats: int
) -> dict[str, list[dict[str, float]]]:
    """The costs of each project (folder and Python), without its first build."""
    costs: dict[str, list[dict[str, float]]] = {name: [] for name in projects}
    for repeat in range(repeats + 1):
        for name, (project, python) in projects.items():
            (extracts.parent / "warehouse.duckdb").unlink(missing_ok=True)
            cost = measure_build(project, python, extracts, extracts.parent)
            if repeat:
                costs[name].append(cost)
    return costs


def table(commit: str, costs: dict[str, list[dict[str, float]]]) -> Grid:
    """One row for each commit."""
    medians = {
        name: [statistics.median(run[key] for run in found) for key in MEASURES.values()]
        for name, found in costs.items()
    }
    lines = []
    for name, found in medians.items():
        ratios = (one / other for one, other in zip(found, medians[commit], strict=True))
        seconds = (f"{one:,.1f} s" for one in found)
        lines.append([name, *seconds, *(f"{ratio:.2f}" for ratio in ratios)])
    return ["commit", *MEASURES, *(f"{name}, ratio" for name in MEASURES)], lines


@click.command(help=__doc__)
@click.argument("commit")
@click.option("--pupils", type=int, default=100_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--datasets", type=click.Choice(["social-care", "all"]), default="social-care")
@click.option("--repeats", type=int, default=3, show_default=True)
@speaks_plainly
def main(commit: str, pupils: int, seed: int, datasets: str, repeats: int) -> None:
    found_on = machine.describe()
    folder = PROJECT_DIR / "target" / "compare_commits"
    extracts = folder / "extracts"
    shutil.rmtree(folder, ignore_errors=True)
    generate(Order(extracts, pupils, seed, release="latest-episode", datasets=datasets))
    with checked_out(commit, folder / "project") as other:
        projects = {
            commit: (other, other / ".venv/bin/python"), HERE: (PROJECT_DIR, Path(sys.executable))
        }  # fmt: skip
        costs = measure_in_turn(projects, extracts, repeats)
    shutil.rmtree(folder)
    console.print(machine.in_words(found_on))
    console.print(screen_table(f"{pupils:,} SYNTHETIC pupils, {datasets}", table(commit, costs)))


if __name__ == "__main__":
    main()
