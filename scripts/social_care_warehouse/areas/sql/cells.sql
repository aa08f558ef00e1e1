-- One row per authority, level of social care, birth cohort and sex: how many of how
-- many children have the outcome. An empty list of cohorts means all.
select
    local_authority_code,
    highest_intervention_rank,
    coalesce(birth_cohort, 'not known') as birth_cohort,
    coalesce(gender_code, 'not known') as gender_code,
    cast(sum(n_observed) as bigint) as n_observed,
    cast(sum(n_with_outcome) as bigint) as n_with_outcome
from intermediate.int_area_count
where outcome = $outcome
    and highest_intervention_rank > 0
    and local_authority_code is not null
    and n_observed > 0
    and (len($cohorts) = 0 or list_contains($cohorts, birth_cohort))
group by all
order by all
