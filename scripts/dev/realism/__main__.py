"""Compares synthetic extracts with published figures.

Makes extracts, builds a warehouse from them, and compares its measures with the published ones.
Exits with 1 if a checked figure is outside its band, unless known_gaps.csv says why.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dev.building import build_warehouse
from dev.realism.report import Report
from social_care_warehouse.console import PROJECT_DIR, PlainCommand, console, speaks_plainly
from social_care_warehouse.synthesis.delivery import TRUTH_DIR
from social_care_warehouse.synthesis.generate import Order, generate

OUTSIDE_EXIT_CODE = 1
# Published figures on offending are of pupils who were 16 in 2012/13 to 2017/18. The youngest are
# followed to 18 in an extract of the years to 2021. Other figures are compared up to 2018 or 2019.
UNTIL = 2021


@click.command(cls=PlainCommand, help=__doc__)
@click.option("--pupils", type=int, default=1_000_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=PROJECT_DIR / "target" / "realism",
    help="Where extracts, warehouse and report go; target/realism by default.",
)
@click.option(
    "--chance-errors",
    type=click.FloatRange(min=0),
    default=2.0,
    show_default=True,
    help="How many standard errors of chance a figure may be outside its band.",
)
@speaks_plainly
def main(pupils: int, seed: int, folder: Path, chance_errors: float) -> None:
    extracts, database = folder / "extracts", folder / "warehouse.duckdb"
    console.print(f"[bold]1/3 Making extracts[/bold] of {pupils:,} pupils, every episode of care")
    made = generate(
        Order(extracts, pupils, seed, release="all-episodes", datasets="all", until=UNTIL)
    )
    console.print("[bold]2/3 Building the warehouse[/bold]")
    build_warehouse(extracts, database)
    console.print("[bold]3/3 Measuring[/bold]\n")
    report = Report(
        database, extracts / TRUTH_DIR, made.children_represented / pupils, chance_errors
    )
    report.print_tables()
    paths = report.write(folder)
    care, outcomes = (report.verdicts(name) for name in ("comparison", "outcome_comparison"))
    _say(report, chance_errors, care, outcomes)
    console.print(f"Report: {paths[0]} and {paths[1]}", soft_wrap=True)
    if n_outside(care, outcomes):
        sys.exit(OUTSIDE_EXIT_CODE)


def n_outside(*verdicts: dict[str, int]) -> int:
    """How many figures are outside their band for no known reason."""
    return sum(found.get("outside", 0) for found in verdicts)


def _say(
    report: Report, chance_errors: float, verdicts: dict[str, int], outcomes: dict[str, int]
) -> None:
    checked = sum(count for verdict, count in verdicts.items() if verdict != "not checked")
    console.print(
        f"One synthetic pupil represents {report.children_per_pupil:.2f} children in England."
        " Rows without a pupil reference are in no mart, so they are counted from staging. Ages,"
        " lengths of periods and unaccompanied children are counted from the truth, because the"
        " extracts do not show them for children without a reference.",
        soft_wrap=True,
    )
    console.print(
        f"{checked} figures checked: {verdicts.get('within', 0)} within their band,"
        f" {verdicts.get('within, by chance', 0)} outside it by no more than {chance_errors:g}"
        f" standard errors of chance, {_outside(verdicts)}.",
        soft_wrap=True,
    )
    console.print(
        f"Schooling and offending: {sum(outcomes.values())} figures, {_outside(outcomes)}.",
        soft_wrap=True,
    )
    report.print_known_gaps()


def _outside(verdicts: dict[str, int]) -> str:
    known = verdicts.get("outside, known", 0)
    return f"{verdicts.get('outside', 0)} outside it, and {known} more for a known reason"


if __name__ == "__main__":
    main()
