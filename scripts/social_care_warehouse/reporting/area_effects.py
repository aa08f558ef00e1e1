"""The effects of local authorities from the command `areas`, as a table fit for the report."""

from __future__ import annotations

import duckdb

from social_care_warehouse.outputs.release import significant
from social_care_warehouse.outputs.rules import Rules, default_rules
from social_care_warehouse.outputs.table import HIDDEN, Cell, ReleasedColumn, ReleasedTable
from social_care_warehouse.reporting.found import rows_if_built

NAME = "area_effects"
_COLUMNS = (
    ReleasedColumn("local_authority_code", "Code", "dimension"),
    ReleasedColumn("la_name", "Local authority", "dimension"),
    ReleasedColumn("region_name", "Region", "dimension"),
    ReleasedColumn("outcome_label", "Outcome", "dimension"),
    ReleasedColumn("highest_intervention", "Children in the model", "dimension"),
    ReleasedColumn("n_persons", "Persons observed", "count"),
    ReleasedColumn("n_with_outcome", "Persons with the outcome", "count"),
    ReleasedColumn("odds_ratio", "Odds ratio", "ratio"),
    ReleasedColumn("odds_ratio_lower_95", "Lower 95% limit", "limit"),
    ReleasedColumn("odds_ratio_upper_95", "Upper 95% limit", "limit"),
)
# All levels together if there is such a model, else each level with a model.
_QUERY = """
    with areas as (
        select distinct local_authority_code, la_name, region_name
        from marts.area_outcome
    ),

    effects as (
        select
            *,
            bool_or(highest_intervention = 'any social care')
                over (partition by outcome) as has_all_levels
        from models.area_effect
        where has_covariates
    )

    select
        effects.local_authority_code,
        coalesce(areas.la_name, effects.local_authority_code) as la_name,
        coalesce(areas.region_name, 'not known') as region_name,
        coalesce(measures.label, effects.outcome) as outcome_label,
        effects.highest_intervention,
        effects.n_observed,
        effects.n_with_outcome,
        effects.odds_ratio,
        effects.odds_ratio_lower_95,
        effects.odds_ratio_upper_95
    from effects
    left join areas
        on effects.local_authority_code = areas.local_authority_code
    left join lookups.outcome_measures as measures
        on effects.outcome = measures.outcome
    where not effects.has_all_levels or effects.highest_intervention = 'any social care'
    order by outcome_label, effects.highest_intervention, region_name, la_name
"""


def release_area_effects(
    connection: duckdb.DuckDBPyConnection, rules: Rules | None = None
) -> ReleasedTable | None:
    """The effects, rounded; None where the command `areas` has not been run on this warehouse.

    An authority with few persons with the outcome, or few without it, is hidden whole.
    """
    rules = rules or default_rules()
    found = rows_if_built(connection, _QUERY)
    if found is None:
        return None
    rows = tuple((*row[:5], *_numbers(row[5:], rules)) for row in found)
    return ReleasedTable(
        name=NAME,
        title="Effects of local authorities",
        population="Children with any social care contact, by the authority of their home",
        columns=_COLUMNS,
        rows=rows,
        rule=(
            f"Effects of authorities: counts are rounded to the nearest {rules.base}. An authority"
            f" with under {rules.threshold} persons with the outcome, or without it, is hidden."
        ),
        n_hidden=sum(cell == HIDDEN for row in rows for cell in row),
    )


def _numbers(values: tuple[Cell, ...], rules: Rules) -> tuple[Cell, ...]:
    n_persons, n_with_outcome = int(values[0] or 0), int(values[1] or 0)
    if min(n_with_outcome, n_persons - n_with_outcome) < rules.threshold:
        return (HIDDEN,) * len(values)
    return (
        rules.rounded(n_persons),
        rules.rounded(n_with_outcome),
        *(
            None if value is None else significant(float(value), rules.ratio_digits)
            for value in values[2:]
        ),
    )
