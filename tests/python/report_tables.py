"""Released tables made by hand: every table of the report, with all authorities of England."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator

from commands import PROJECT_DIR

from social_care_warehouse.outputs.table import HIDDEN, Cell, ReleasedColumn, ReleasedTable
from social_care_warehouse.reporting.provenance import Provenance
from social_care_warehouse.reporting.shapes import Shape, hexagons

LEVELS = (
    "no social care contact", "referral only", "child in need", "child protection plan",
    "child looked after",
)  # fmt: skip
ORDERS = (
    "justice first", "justice only", "neither", "same day or not determined",
    "social care first by a year or more", "social care first by less than a year",
    "social care only",
)  # fmt: skip
OUTCOMES = {
    "cautioned_or_convicted_10_17": "A caution or conviction for an offence at age 10 to 17",
    "level_2_english_maths": "Level 2 with English and mathematics at key stage 4",
    "persistent_unauthorised_absence": "Unauthorised absence of 10 per cent or more",
}
AREA_OUTCOMES = ("cautioned_or_convicted_10_17", "level_2_english_maths")
N_AUTHORITIES = 152
PROVENANCE = Provenance(
    facts=[("Made by", "social_care_warehouse"), ("Definition", "data_explained")],
    inputs=[("cla", "CLA.csv", "0f" * 32), ("cin", "CIN.csv", "e1" * 32)],
)


def all_tables() -> dict[str, ReleasedTable]:
    """One table for each name that the report can show."""
    dice = random.Random(1)
    years = [f"{year}/{year + 1}" for year in range(2005, 2018)]
    tables = [
        table(
            "rows_delivered", "dataset step outcome", "count:n_rows",
            (
                (dataset, step, outcome, some_count(dice))
                for dataset in ("cla", "cin", "census")
                for step in ("file to raw", "staging to person")
                for outcome in ("loaded", "no pupil reference", "all")
            ),
        ),
        table(
            "coverage_by_year", "dataset column_name academic_year", "percent:percent_filled",
            (
                (dataset, f"column_{number}", year, dice.choice((0.0, 48.2, 99.1, 100.0)))
                for dataset in ("absence", "census", "cin", "cla", "ks4", "offence", "exclusion")
                for number in range(30)
                for year in years
            ),
        ),
        table(
            "persons_by_level_and_cohort", "birth_cohort highest_intervention",
            "count:n_persons percent:percent_of_cohort",
            (
                (year, level, some_count(dice), percent(dice))
                for year in years
                for level in (*LEVELS, "all")
            ),
        ),
        table(
            "definitions_side_by_side", "definition definition_label highest_intervention",
            "count:n_persons percent:percent_of_persons",
            (
                (name, f"The definition {name}", level, some_count(dice), percent(dice))
                for name in ("data_explained", "any_record", "plan_start")
                for level in (*LEVELS, "all")
            ),
        ),
        *(
            table(
                name, f"academic_year {' '.join(ways)}",
                "count:n_persons percent:percent_of_persons",
                (
                    (year, first, second, some_count(dice), percent(dice))
                    for year in years
                    for first in ("yes", "no", "all")
                    for second in ("yes", "no", "all")
                ),
            )
            for name, ways in {
                "plan_methods_agreement": ("cpp_by_abuse_category", "cpp_by_previous_plans"),
                "referral_only_agreement": ("referral_only_by_31_march", "referral_only_by_nfa"),
            }.items()
        ),
        table(
            "care_histories", "age_first_entry",
            "count:n_persons median:median_care_days mean:mean_placement_moves"
            " percent:percent_re_entered percent:percent_returned_home",
            (
                (str(age), some_count(dice), 480.0, 1.18, percent(dice), HIDDEN)
                for age in (*range(18), "all")
            ),
        ),
        table(
            "childhood_covered", "birth_cohort",
            "count:n_persons count:n_care_years count:n_need_years",
            ((year, some_count(dice), dice.randint(5, 18), dice.randint(0, 9)) for year in years),
        ),
        table(
            "first_contact_uncertain", "birth_cohort",
            "count:n_persons percent:percent_with_contact percent:percent_uncertain",
            ((year, some_count(dice), percent(dice), percent(dice)) for year in (*years, "all")),
        ),
        table(
            "items_filled", "mart_name item_name scope", "percent:percent_with_value",
            (
                ("care_episode", f"item_{number}", scope, percent(dice))
                for number, scope in enumerate(("complete", "partial", "lower bound"))
            ),
        ),
        table(
            "outcomes_by_level", "outcome outcome_label highest_intervention",
            "count:n_persons count:n_observed count:n_with_outcome percent:percent_with_outcome"
            " median:median_value",
            (
                (
                    outcome, label, level, some_count(dice), some_count(dice), some_count(dice),
                    *((None, 15.0) if outcome.startswith("n_") else (percent(dice), None)),
                )
                for outcome, label in (OUTCOMES | {"n_convictions": "Convictions"}).items()
                for level in (*LEVELS, "all")
            ),
        ),
        table(
            "contact_order", "contact_order highest_intervention",
            "count:n_persons percent:percent_of_level",
            (
                (order, level, some_count(dice), percent(dice))
                for order in (*ORDERS, "all")
                for level in (*LEVELS, "all")
            ),
        ),
        table(
            "area_outcomes", "outcome local_authority_code la_name highest_intervention",
            "count:n_observed count:n_expected ratio:standardised_ratio limit:ratio_lower_95"
            " limit:ratio_upper_95 limit:funnel_lower_998 limit:funnel_upper_998 ratio:odds_ratio"
            " limit:odds_ratio_within_lower_95 limit:odds_ratio_within_upper_95",
            (
                (outcome, code, name, level, *some_ratio(dice), *odds(dice))
                for outcome in AREA_OUTCOMES
                for code, name, _ in authorities()
                for level in LEVELS
            ),
        ),
        table(
            "area_effects",
            "local_authority_code la_name region_name outcome_label highest_intervention",
            "count:n_persons count:n_with_outcome ratio:odds_ratio limit:odds_ratio_lower_95"
            " limit:odds_ratio_upper_95",
            (
                (*area, next(iter(OUTCOMES.values())), "any social care", 1_200, 80, *odds(dice))
                for area in authorities()
            ),
        ),
        table(
            "area_referral", "local_authority_code la_name",
            "count:n_persons percent:percent_referred percent:percent_in_need",
            (
                (code, name, some_count(dice), percent(dice), percent(dice))
                for code, name, _ in authorities()
            ),
        ),
    ]  # fmt: skip
    return {made.name: made for made in tables}


def table(
    name: str, dimensions: str, measures: str, rows: Iterable[tuple[Cell, ...]]
) -> ReleasedTable:
    """A table from the names of its columns, and for measures also their kinds."""
    columns = [ReleasedColumn(one, one.capitalize(), "dimension") for one in dimensions.split()]
    for measure in measures.split():
        kind, one = measure.split(":")
        columns.append(ReleasedColumn(one, one.capitalize(), kind))  # type: ignore[arg-type]
    made = tuple(rows)
    assert all(len(row) == len(columns) for row in made)
    return ReleasedTable(
        name, f"The table {name}", "All persons", tuple(columns), made,
        "Counts are rounded to the nearest 10.", 0,
    )  # fmt: skip


def hexagon_shapes() -> list[Shape]:
    """Made-up places for the authorities."""
    return hexagons(
        (code, number % 14, number // 14) for number, (code, _, _) in enumerate(authorities())
    )


def authorities() -> Iterator[tuple[str, str, str]]:
    """Code, name and region of as many authorities as England has."""
    with (PROJECT_DIR / "seeds" / "lookups" / "local_authority.csv").open(encoding="utf-8") as file:
        names = [row for row in csv.DictReader(file) if row["ons_code"]]
    for row in names[:N_AUTHORITIES]:
        yield row["ons_code"], row["label"], row["region_name"]


def some_count(dice: random.Random) -> Cell:
    return dice.choice((HIDDEN, *range(10, 4_000, 10)))


def percent(dice: random.Random) -> Cell:
    return dice.choice((HIDDEN, *(round(dice.uniform(0.1, 99), 1) for _ in range(9))))


def some_ratio(dice: random.Random) -> tuple[Cell, ...]:
    """Expected and observed number, ratio, and limits that become narrower with the number."""
    expected = dice.choice((0, *range(10, 400, 10)))
    if not expected:
        return (HIDDEN,) * 7
    ratio = max(0.1, dice.gauss(1, 1.2 / expected**0.5))
    limits = [round(1 + z / expected**0.5, 3) for z in (-1.96, 1.96, -3.09, 3.09)]
    return max(10, round(ratio * expected, -1)), expected, round(ratio, 2), *limits


def odds(dice: random.Random) -> tuple[Cell, ...]:
    ratio = dice.uniform(0.7, 1.4)
    return tuple(round(ratio * factor, 2) for factor in (1, 0.8, 1.25))
