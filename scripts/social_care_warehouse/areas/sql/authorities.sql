-- One row per authority: the log-odds of the outcome among its children without social
-- care, and its poverty. Half a child is added to each side, so that 0 has a log-odds.
with without_social_care as (
    select
        local_authority_code,
        cast(sum(n_observed) as bigint) as n_observed,
        cast(sum(n_with_outcome) as bigint) as n_with_outcome
    from intermediate.int_area_count
    where outcome = $outcome
        and highest_intervention_rank = 0
        and local_authority_code is not null
        and n_observed > 0
        and (len($cohorts) = 0 or list_contains($cohorts, birth_cohort))
    group by local_authority_code
),

poverty as (
    select
        local_authority_code,
        value
    from intermediate.int_area_covariate
    where measure = $poverty
)

select
    without_social_care.local_authority_code,
    ln(
        (without_social_care.n_with_outcome + 0.5)
        / (
            without_social_care.n_observed
            - without_social_care.n_with_outcome
            + 0.5
        )
    ) as log_odds_without_social_care,
    cast(poverty.value as double) as poverty
from without_social_care
left join poverty
    on without_social_care.local_authority_code = poverty.local_authority_code
order by without_social_care.local_authority_code
