"""Build a warehouse from a folder of extracts: load, `dbt build` with all data tests, swap in.

The new warehouse is made beside the old one and takes its place in one step, once every test of our
own logic has passed. A failed or killed build leaves the last good warehouse as it was.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from social_care_warehouse.building.definitions import check_definition
from social_care_warehouse.building.lock import only_build_of
from social_care_warehouse.building.run_dbt import DbtRun, dbt_build
from social_care_warehouse.building.summary import print_summary
from social_care_warehouse.building.workshop import swap_in, workshop
from social_care_warehouse.console import UserError, console, error_console, speaks_plainly
from social_care_warehouse.loading import load_delivery
from social_care_warehouse.loading.summary import remarks

FAILED_EXIT_CODE = 1


@click.command(help=__doc__)
@click.argument("extract_dir", type=click.Path(path_type=Path))
@click.option(
    "--database", required=True, type=click.Path(path_type=Path),
    help="The DuckDB file to make or replace.",
)  # fmt: skip
@click.option(
    "--max-gap-days", type=click.IntRange(min=0), default=0, show_default=True,
    help="Episodes of one child at most so many days apart are one period of care.",
)  # fmt: skip
@click.option(
    "--definition", default="data_explained", show_default=True,
    help="How the highest intervention is decided: a row of the seed intervention_definitions.",
)  # fmt: skip
@click.option(
    "--fill-missing-columns", is_flag=True,
    help="Load files of a dataset with different columns too, blanks where one is missing.",
)  # fmt: skip
@speaks_plainly
def build(
    extract_dir: Path,
    database: Path,
    max_gap_days: int,
    definition: str,
    fill_missing_columns: bool,
) -> None:
    started = time.monotonic()
    if not database.parent.is_dir():
        raise UserError(f"There is no folder {database.parent} to put the warehouse in.")
    if database.is_dir():
        raise UserError(f"{database} is a folder; name the file that the warehouse is to be.")
    check_definition(definition)
    with only_build_of(database), workshop(database) as new:
        console.print(f"[bold]1/3 Loading[/bold] {extract_dir}")
        _load_with_progress(extract_dir, new, fill_missing_columns)
        console.print("[bold]2/3 Building and testing[/bold]")
        variables = {
            "period_of_care_max_gap_days": max_gap_days,
            "intervention_definition": definition,
        }
        run = _build_with_progress(new, variables)
        if not run.is_good:
            _say_what_failed(run, database)
            sys.exit(FAILED_EXIT_CODE)
        console.print("[bold]3/3 Putting the new warehouse in place[/bold]\n")
        print_summary(new, console)
        place = swap_in(new, database)
    console.print(
        f"{run.n_tests_passed} tests passed, {len(run.warned)} warn about the data."
        f" Built in {time.monotonic() - started:.0f} s."
    )
    if place != database:
        console.print(f"{database} is open in another program and was left as it is.")
    console.print(f"[bold green]The warehouse is {place}[/bold green]")


def _load_with_progress(extract_dir: Path, database: Path, fill_missing_columns: bool) -> None:
    result = load_delivery(
        extract_dir,
        database,
        fill_missing_columns=fill_missing_columns,
        report=lambda sentence: console.print(f"  {sentence}", markup=False, soft_wrap=True),
    )
    for remark in remarks(result):
        console.print(f"  {remark}", markup=False, soft_wrap=True)


def _build_with_progress(database: Path, variables: dict[str, object]) -> DbtRun:
    columns = (
        TextColumn("  {task.description:<45}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("reading the models", total=None)

        def show(done: int, total: int, name: str) -> None:
            progress.update(task, completed=done, total=total, description=name[:45])

        run = dbt_build(database, variables, show)
        progress.update(task, description="done" if run.is_good else "stopped")
    return run


def _say_what_failed(run: DbtRun, database: Path) -> None:
    what = ", ".join(run.failed[:5]) or f"dbt before any model was made. {run.stopped_because}"
    kept = f"{database} is as it was." if database.exists() else "No warehouse was made."
    error_console.print(f"The build failed at: {what}. {kept}", style="red", markup=False)


if __name__ == "__main__":
    build()
