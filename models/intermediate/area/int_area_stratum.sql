with by_cohort as (
    select
        local_authority_code,
        highest_intervention_rank,
        birth_cohort,
        outcome,
        cast(sum(n_with_outcome) as double) as n_with,
        cast(sum(n_observed - n_with_outcome) as double) as n_without
    from {{ ref('int_area_count') }}
    group by local_authority_code, highest_intervention_rank, birth_cohort, outcome
),

observed as (
    select * from by_cohort
    where n_with + n_without > 0
),

final as (
    select
        contacted.local_authority_code,
        contacted.highest_intervention_rank,
        contacted.birth_cohort,
        contacted.outcome,
        contacted.n_with,
        contacted.n_without,
        baseline.n_with as n_with_of_others,
        baseline.n_without as n_without_of_others
    from observed as contacted
    inner join observed as baseline
        on
            contacted.local_authority_code = baseline.local_authority_code
            and contacted.birth_cohort = baseline.birth_cohort
            and contacted.outcome = baseline.outcome
    where
        contacted.highest_intervention_rank > 0
        and baseline.highest_intervention_rank = 0
)

select * from final
