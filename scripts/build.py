"""Build a warehouse from a folder of extracts: load, `dbt build` with all data tests, swap in.

The new warehouse is made beside the old one and takes its place in one step, once every test of our
own logic has passed. A failed or killed build leaves the last good warehouse as it was.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from social_care_warehouse.building.birth_certificate import write_meta
from social_care_warehouse.building.definitions import check_definition
from social_care_warehouse.building.lock import only_build_of
from social_care_warehouse.building.place import check_place, swap_in
from social_care_warehouse.building.run_dbt import DbtRun, WaitingDbt, waiting_dbt
from social_care_warehouse.building.summary import print_summary, print_tests
from social_care_warehouse.building.workshop import workshop
from social_care_warehouse.console import (
    INTERRUPTED_EXIT_CODE,
    PlainCommand,
    console,
    error_console,
    speaks_plainly,
    stop_on_signals,
)
from social_care_warehouse.loading import load_delivery

FAILED_EXIT_CODE = 1


@click.command(cls=PlainCommand, help=__doc__)
@click.argument("extract_dir", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--database", required=True, type=click.Path(path_type=Path, readable=False),
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
    "--children-represented", type=click.IntRange(min=0), default=0, metavar="N",
    help="How many children in England the pupils of a sample stand for, to set yearly counts"
    " beside the published ones; not said, each pupil is one child.",
)  # fmt: skip
@click.option(
    "--fill-missing-columns", is_flag=True,
    help="Load files of a dataset with different columns too, blanks where one is missing.",
)  # fmt: skip
@speaks_plainly
def build(  # noqa: PLR0913, PLR0917
    extract_dir: Path,
    database: Path,
    max_gap_days: int,
    definition: str,
    children_represented: int,
    fill_missing_columns: bool,
) -> None:
    os.umask(0o077)
    stop_on_signals()
    started = time.monotonic()
    check_definition(definition)
    variables = {
        "period_of_care_max_gap_days": max_gap_days,
        "intervention_definition": definition,
        "children_represented": children_represented,
    }
    place = None
    try:
        with only_build_of(database) as lock, workshop(database) as new:
            check_place(database)
            started_at = datetime.now(UTC)
            with waiting_dbt(new, variables, lock) as dbt:
                console.print(f"[bold]1/3 Loading[/bold] {extract_dir}")
                _load_with_progress(extract_dir, new.database, fill_missing_columns)
                console.print("[bold]2/3 Building and testing[/bold]")
                run = _build_with_progress(dbt)
            if run.is_good:
                write_meta(new.database, run, variables, started_at)
                console.print("[bold]3/3 Putting the new warehouse in place[/bold]\n")
                print_summary(new.database, console)
                place = swap_in(new.database, database)
    except KeyboardInterrupt:
        state = _as_it_was(database) if place is None else f"The new warehouse is {place}."
        error_console.print(f"Stopped. {state}", style="red", markup=False)
        sys.exit(INTERRUPTED_EXIT_CODE)
    if place is None:
        _say_what_failed(run, database)
        sys.exit(FAILED_EXIT_CODE)
    print_tests(run, console)
    console.print(f"Built in {time.monotonic() - started:.0f} s.")
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
    for remark in result.remarks:
        console.print(f"  {remark}", markup=False, soft_wrap=True)


def _build_with_progress(dbt: WaitingDbt) -> DbtRun:
    columns = (
        TextColumn("  {task.description:<45}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("reading the models", total=None)

        def show(done: int, total: int, name: str) -> None:
            progress.update(task, completed=done, total=total, description=name[:45])

        run = dbt.build(show)
        if run.is_good:
            # What dbt counts and has nothing to do for (the readers' entries) ends the bar too.
            progress.update(task, completed=progress.tasks[0].total)
        progress.update(task, description="done" if run.is_good else "stopped")
    return run


def _say_what_failed(run: DbtRun, database: Path) -> None:
    what = ", ".join(run.failed[:5]) or (
        f"dbt after {run.n_done} steps" if run.n_done else "dbt before any model was made"
    )
    if len(run.failed) > 5:
        what += f" and {len(run.failed) - 5} more"
    sentences = [f"The build failed at: {what}.", run.stopped_because, _as_it_was(database)]
    error_console.print(" ".join(filter(None, sentences)), style="red", markup=False)


def _as_it_was(database: Path) -> str:
    return f"{database} is as it was." if database.exists() else "No warehouse was made."


if __name__ == "__main__":
    build()
