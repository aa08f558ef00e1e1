"""What the command shows: how much authorities differ, and no number of a single one."""

from __future__ import annotations

from rich.table import Table

from social_care_warehouse.areas.model import Answer
from social_care_warehouse.areas.results import Result, median_odds_ratio
from social_care_warehouse.console import Console


def print_answer(answer: Answer, console: Console) -> None:
    """A table of the models, what is missing, and where the results are."""
    table = Table(
        title="How much local authorities differ (median odds ratio, 95% limits)",
        title_justify="left",
        title_style="bold",
    )
    for heading in ("outcome", "children"):
        table.add_column(heading)
    for heading in ("authorities", "number", "not adjusted", "adjusted"):
        table.add_column(heading, justify="right")
    pairs = zip(answer.results[::2], answer.results[1::2], strict=True)
    for plain, adjusted in pairs:
        table.add_row(
            plain.outcome,
            plain.level,
            f"{plain.n_authorities}",
            # Rounded, and never under 10: the model needs more children than that.
            f"{10 * round(plain.n_observed / 10):,}",
            _odds(plain),
            _odds(adjusted),
        )
    console.print(table)
    for note in answer.notes:
        console.print(note, markup=False, soft_wrap=True)
    console.print(
        "1 means that authorities do not differ. Both models compare children of the same level,"
        " birth cohort and sex; the adjusted one also of authorities with the same poverty and the"
        " same outcomes among children without social care.",
        soft_wrap=True,
    )
    console.print(
        "models.area_term holds every term, models.area_effect the effect of each authority with"
        " its interval. Do not rank authorities: most intervals overlap. A new build removes both"
        " tables.",
        soft_wrap=True,
    )


def _odds(result: Result) -> str:
    sizes = (result.fit.spread, *result.fit.spread_limits)
    odds, lower, upper = (median_odds_ratio(size) for size in sizes)
    return f"{odds:.2f} ({lower:.2f} to {upper:.2f})"
