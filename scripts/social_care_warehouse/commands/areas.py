"""The subcommand areas: a model of how much local authorities differ."""

from __future__ import annotations

from pathlib import Path

import click

from social_care_warehouse.commands.shared import ANY_PATH, progress, stopped_with
from social_care_warehouse.console import PlainCommand, UserError, console, speaks_plainly
from social_care_warehouse.settings import check_settings


@click.command(cls=PlainCommand, short_help="Model how much local authorities differ.")
@click.option(
    "--database", required=True, type=ANY_PATH, metavar="PATH",
    help="The warehouse to read. The results become tables in its schema models.",
)  # fmt: skip
@click.option(
    "--outcome", "outcomes", multiple=True, metavar="NAME",
    help="A yes-or-no outcome of lookups.outcome_measures. Repeat the option for several. Default:"
    " cautioned_or_convicted_10_17.",
)  # fmt: skip
@click.option(
    "--level", "levels", multiple=True, metavar="NAME",
    help="Model only children with this level of social care, such as 'child in need'. Repeat the"
    " option for several. Default: all levels together, then each level alone.",
)  # fmt: skip
@click.option(
    "--cohort", "cohorts", multiple=True, metavar="NAME",
    help="Model only children of this birth cohort, such as 1994/1995. Repeat the option for"
    " several. Default: all.",
)  # fmt: skip
@click.option(
    "--poverty", default="ever_free_meals_percent", show_default=True, metavar="NAME",
    help="How to measure an authority's poverty: a measure in intermediate.int_area_covariate.",
)  # fmt: skip
@speaks_plainly
def areas(
    database: Path,
    outcomes: tuple[str, ...],
    levels: tuple[str, ...],
    cohorts: tuple[str, ...],
    poverty: str,
) -> None:
    """Model how much outcomes of children with social care differ between local authorities.

    A multilevel logit model compares children of the same level of social care, birth cohort and
    sex. A second model also adjusts for the authority's poverty and for the outcome among its own
    children without social care. The results are in two tables of the warehouse: models.area_term
    and models.area_effect. All other tables stay as they are.
    """
    check_settings()
    try:
        from social_care_warehouse.areas.model import (  # noqa: PLC0415
            DEFAULT_OUTCOME,
            Question,
            model_authorities,
        )
    except ImportError:
        raise UserError(
            "The model of local authorities needs the packages numpy and scipy. Install them:"
            " pip install numpy scipy."
        ) from None
    from social_care_warehouse.areas.screen import print_answer  # noqa: PLC0415

    question = Question(outcomes or (DEFAULT_OUTCOME,), levels, cohorts, poverty)
    with stopped_with("The warehouse is unchanged."), progress("Modelling") as report:
        answer = model_authorities(database, question, report=report)
    print_answer(answer, console)
