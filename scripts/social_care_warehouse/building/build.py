"""Building a warehouse: load, build and test with dbt, swap in, report."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from social_care_warehouse.building.base import begin_with_last
from social_care_warehouse.building.build_folder import BuildFolder, build_folder
from social_care_warehouse.building.covariates import check_covariates
from social_care_warehouse.building.definitions import check_definition, check_marts
from social_care_warehouse.building.last_build import (
    LastWarehouse,
    fingerprints_of_project_files,
    read_last_warehouse,
    variables_of_project,
)
from social_care_warehouse.building.meta_tables import write_meta
from social_care_warehouse.building.reuse import LastBuild, Plan, make_plan, sources_of
from social_care_warehouse.building.run_dbt import (
    DbtRun,
    TestResult,
    WaitingDbt,
    keep_sql,
    waiting_dbt,
)
from social_care_warehouse.building.summary import Summary, print_summary, read_summary
from social_care_warehouse.console import (
    INTERRUPTED_EXIT_CODE,
    UserError,
    WorkError,
    console,
    error_console,
    lost_output,
)
from social_care_warehouse.files.lock import only_writer_of
from social_care_warehouse.files.paths import check_database_path, real_path, shown
from social_care_warehouse.files.swap import check_replaceable, swap_in
from social_care_warehouse.files.work_folder import files_for_owner_only
from social_care_warehouse.interrupts import interrupts, last_step
from social_care_warehouse.loading import load_delivery
from social_care_warehouse.loading.loaded_before import Comparison, compare
from social_care_warehouse.loading.raw_schema import check_raw

MOST_NODES_NAMED = 5
EXAMPLE_MART = "marts.person_highest_intervention"
# As an enum, the category would have a heading as wide as the screen.
EXAMPLE_QUERY = (
    "select highest_intervention_rank, highest_intervention::varchar as category, count(*) as"
    f" n_persons from {EXAMPLE_MART} group by all order by 1"
)


@dataclass(frozen=True)
class BuildRequest:
    """What to build, from what, and where."""

    extract_dir: Path | None  # None: from what the database was loaded with before
    database: Path
    # None: the value in dbt_project.yml.
    intervention_definition: str | None
    children_represented: int | None
    period_of_care_max_gap_days: int | None
    fill_missing_columns: bool
    allow_rejected: bool
    marts: tuple[str, ...] = ()  # none: all

    def variables(self) -> dict[str, object]:
        """The variables of dbt_project.yml, with those that the request sets."""
        asked = {
            "intervention_definition": self.intervention_definition,
            "children_represented": self.children_represented,
            "period_of_care_max_gap_days": self.period_of_care_max_gap_days,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        return variables_of_project() | given


@dataclass(frozen=True)
class BuiltWarehouse:
    """A warehouse that is in its place."""

    path: Path
    summary: Summary
    run: DbtRun
    missing: Sequence[str] = ()  # models that were not built
    is_unchanged: bool = False


def build(request: BuildRequest) -> None:
    """Build a warehouse next to the last one, put it in its place, and say what was made.

    Whatever fails or stops the build before that leaves the last warehouse as it was.
    """
    started = time.monotonic()
    database = real_path(request.database)
    check_definition(str(request.variables()["intervention_definition"]))
    check_marts(request.marts)
    check_covariates()
    check_database_path(database)
    with files_for_owner_only(), _says_what_stays(database):
        built = _build(request, database)
    print_summary(built.summary, built.run, built.missing, console)
    _say_what_to_do_next(built, database, time.monotonic() - started)


def _build(request: BuildRequest, database: Path) -> BuiltWarehouse:
    started_at = datetime.now(UTC).replace(tzinfo=None)
    with only_writer_of(database) as lock, build_folder(database) as new:
        check_replaceable(database)
        last = read_last_warehouse(database)
        extracts = _compare(request, database, last)
        project_files = fingerprints_of_project_files(request.variables())
        if extracts.is_same and last.project_files == project_files:
            return _unchanged(database, list(last.tests.values()))
        with waiting_dbt(new, request.variables(), project_files, lock) as dbt:
            if not extracts.kept:
                _load(request, new, extracts)
            # Where no dataset stays, nothing of the last warehouse is in the new one.
            known = last.build if extracts.kept else LastBuild()
            plan = make_plan(dbt.project(), known, sources_of(extracts.changed), request.marts)
            if extracts.is_same and plan.is_nothing:
                return _unchanged(database, _carried_over(plan, last), plan.missing)
            if extracts.kept:
                _keep(database, new, plan, extracts)
                _load_rest(request, new, extracts)
            run = _build_tables(dbt, plan)
        # Not if somebody changed the project meanwhile.
        if fingerprints_of_project_files(request.variables()) == project_files:
            keep_sql(new, project_files)
        run.tests += _carried_over(plan, last)
        write_meta(new.database, run, request.variables(), started_at, plan, project_files)
        summary = read_summary(new.database)
        console.print("[bold]3/3 Putting the new warehouse in place[/bold]\n")
        with last_step():
            path = swap_in(new.database, database)
    return BuiltWarehouse(path, summary, run, plan.missing)


def _compare(request: BuildRequest, database: Path, last: LastWarehouse) -> Comparison:
    """What of the extracts is loaded already. Without a folder of extracts: all that is loaded."""
    if request.extract_dir is None:
        if not database.exists():
            raise UserError(
                f"There is no warehouse {shown(database)}, so there is nothing to build from. Give"
                " the folder of your extracts: build EXTRACT_DIR --database PATH."
            )
        check_raw(database)
        return Comparison.all_kept()
    if last.loaded is None:
        return Comparison.none_kept()
    return compare(
        request.extract_dir,
        last.loaded,
        fill_missing_columns=request.fill_missing_columns,
        allow_rejected=request.allow_rejected,
        report=_say,
    )


def _unchanged(
    database: Path, tests: list[TestResult], missing: Sequence[str] = ()
) -> BuiltWarehouse:
    run = DbtRun(is_good=True, tests=tests)
    return BuiltWarehouse(database, read_summary(database), run, missing, is_unchanged=True)


def _carried_over(plan: Plan, last: LastWarehouse) -> list[TestResult]:
    """The results of the tests that need not run again."""
    names = {plan.project.nodes[name].name for name in plan.kept}
    return [test for name, test in last.tests.items() if name in names]


def _keep(database: Path, new: BuildFolder, plan: Plan, extracts: Comparison) -> None:
    what = "what did not change" if extracts.changed else "the extracts loaded before"
    console.print(f"[bold]1/3 Taking {what}[/bold] from {shown(database)}", soft_wrap=True)
    begin_with_last(database, new, plan)


def _load_rest(request: BuildRequest, new: BuildFolder, extracts: Comparison) -> None:
    if extracts.is_same:
        return
    _say(f"Not read again, because they are the same: {extracts.n_files_kept} files")
    _load(request, new, extracts)


def _load(request: BuildRequest, new: BuildFolder, extracts: Comparison) -> None:
    assert request.extract_dir
    console.print("[bold]1/3 Loading[/bold] ", end="")
    console.print(str(request.extract_dir), markup=False, soft_wrap=True)
    result = load_delivery(
        request.extract_dir,
        new.database,
        fill_missing_columns=request.fill_missing_columns,
        allow_rejected=request.allow_rejected,
        report=_say,
        kept=extracts.kept,
    )
    for remark in result.remarks:
        _say(remark)


def _say(sentence: str) -> None:
    console.print(f"  {sentence}", markup=False, soft_wrap=True)


def _build_tables(dbt: WaitingDbt, plan: Plan) -> DbtRun:
    """Build and test what the plan says. Raises WorkError if any of it fails."""
    console.print("[bold]2/3 Building and testing the tables[/bold]")
    if plan.kept or plan.reason or plan.missing:
        _say(plan.says())
    if not plan.to_build:
        return DbtRun(is_good=True)
    run = _run_with_progress(dbt, plan)
    if not run.is_good:
        raise WorkError(_why_failed(run))
    return run


def _run_with_progress(dbt: WaitingDbt, plan: Plan) -> DbtRun:
    columns = (
        TextColumn("  {task.description:<45}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("reading the models", total=None)

        def show(done: int, total: int, name: str) -> None:
            progress.update(task, completed=done, total=total, description=name[:45])

        is_all = plan.to_build == plan.project.nodes.keys()
        run = dbt.build(show, None if is_all else plan.to_build)
        if run.is_good:
            # What dbt counts and has nothing to do for (the exposures) ends the bar too.
            progress.update(task, completed=progress.tasks[0].total)
        progress.update(task, description="done" if run.is_good else "stopped")
    return run


def _why_failed(run: DbtRun) -> str:
    where = ", ".join(run.failed[:MOST_NODES_NAMED]) or (
        f"after {run.n_done} steps" if run.n_done else "before the first table"
    )
    if len(run.failed) > MOST_NODES_NAMED:
        where += f" and {len(run.failed) - MOST_NODES_NAMED} more"
    return f"The build failed at: {where}. {run.stopped_because}".rstrip()


@contextmanager
def _says_what_stays(database: Path) -> Iterator[None]:
    """Add to every failure and interrupt that the last warehouse is unchanged."""
    try:
        with interrupts():
            yield
    except KeyboardInterrupt:
        error_console.print(f"Stopped. {_what_stays(database)}", style="red", markup=False)
        sys.exit(INTERRUPTED_EXIT_CODE)
    except WorkError as error:
        raise WorkError(f"{error} {_what_stays(database)}") from error


def _what_stays(database: Path) -> str:
    if database.exists():
        return f"{shown(database)} is unchanged."
    return "No warehouse was made."


def _example_query(built: BuiltWarehouse) -> str:
    """A query that works on what was built."""
    if EXAMPLE_MART not in built.missing or not built.summary.tables:
        return EXAMPLE_QUERY
    return f"select count(*) from {built.summary.tables[0][0]}"


def _say_what_to_do_next(built: BuiltWarehouse, database: Path, seconds: float) -> None:
    path = built.path
    if why := lost_output():
        error_console.print(
            f"The summary could not be written: {why}. The warehouse is {shown(path)}.",
            markup=False,
        )
    if path != database:
        console.print(
            f"{shown(database)} is open in another program, so it was not replaced.",
            markup=False,
            soft_wrap=True,
        )
    if built.is_unchanged:
        console.print("Nothing has changed since the last build, so nothing was built.")
    made = Text.assemble((f"The warehouse is {shown(path)}", "bold green"), f" ({seconds:.0f} s).")
    console.print(made, soft_wrap=True)
    console.print(
        f"\nNext: read it. Start {shown(Path(sys.executable))} and paste the lines below. In R, the"
        " package duckdb runs the same SQL.\n\n"
        "import duckdb\n"
        f"warehouse = duckdb.connect({str(shown(path))!r}, read_only=True)\n"
        f'warehouse.sql("{_example_query(built)}").show()\n\n'
        "README.md and docs/ in the project folder explain the tables and the rules.",
        markup=False,
        soft_wrap=True,
    )
