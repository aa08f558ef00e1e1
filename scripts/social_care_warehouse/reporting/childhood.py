"""How much of the childhood of each birth cohort the extracts cover, as a table for the report."""

from __future__ import annotations

import duckdb

from social_care_warehouse.outputs.rules import Rules, default_rules
from social_care_warehouse.outputs.table import ReleasedColumn, ReleasedTable
from social_care_warehouse.reporting.found import rows_if_built

NAME = "childhood_covered"
_COLUMNS = (
    ReleasedColumn("birth_cohort", "School year of birth", "dimension"),
    ReleasedColumn("n_persons", "Persons", "count"),
    ReleasedColumn("n_care_years", "Years in the care data", "count"),
    ReleasedColumn("n_need_years", "Years in the need data", "count"),
)
# A child who was born at the end of March is 0 to 17 in the 18 reporting years that follow. The
# others of the cohort are up to half a year older or younger.
_QUERY = """
    with reporting_years as (
        select distinct
            dataset,
            1 + try_cast(left(academic_year, 4) as integer) as reporting_year
        from quality.column_coverage
        where dataset in ('cla', 'cin') and n_rows > 0
    ),

    cohorts as (
        select
            birth_cohort,
            try_cast(left(birth_cohort, 4) as integer) as first_year,
            count(*) as n_persons
        from marts.person_outcome
        group by birth_cohort
    )

    select
        cohorts.birth_cohort,
        cohorts.n_persons,
        count(*) filter (where reporting_years.dataset = 'cla') as n_care_years,
        count(*) filter (where reporting_years.dataset = 'cin') as n_need_years
    from cohorts
    left join reporting_years
        on reporting_years.reporting_year between cohorts.first_year + 2 and cohorts.first_year + 19
    where cohorts.first_year is not null and cohorts.n_persons >= $threshold
    group by all
    order by cohorts.birth_cohort
"""


def release_childhood(
    connection: duckdb.DuckDBPyConnection, rules: Rules | None = None
) -> ReleasedTable | None:
    """Years of childhood in each dataset; None where the warehouse has no birth cohorts.

    Years are about the extracts, not about persons, so they are shown as they are. A cohort with
    few persons is left out.
    """
    rules = rules or default_rules()
    found = rows_if_built(connection, _QUERY, {"threshold": rules.threshold})
    if found is None:
        return None
    return ReleasedTable(
        name=NAME,
        title="Years of childhood in the extracts",
        population="All pupils; of the 18 years from birth to the 18th birthday",
        columns=_COLUMNS,
        rows=tuple((cohort, rules.rounded(n), *years) for cohort, n, *years in found),
        rule=(
            f"Years of childhood: counts of persons are rounded to the nearest {rules.base}. A"
            f" cohort with under {rules.threshold} persons is left out. Years are exact."
        ),
        n_hidden=0,
    )
