with definitions as (
    select * from {{ ref('intervention_definitions') }}
),

ranked as (
    select
        definitions.definition,
        {{ intervention_rank('definitions', 'outcomes') }} as highest_intervention_rank,
        outcomes.birth_cohort,
        outcomes.outcome,
        outcomes.level_rank,
        outcomes.outcome_value,
        outcomes.n_persons
    from {{ ref('int_outcome_value') }} as outcomes
    cross join definitions
),

-- Each person counts in the cohort and in all cohorts together. A person without a
-- birth counts only in all cohorts.
in_cohorts as (
    select
        definition,
        highest_intervention_rank,
        birth_cohort,
        outcome,
        level_rank,
        outcome_value,
        n_persons
    from ranked
    where birth_cohort is not null
    union all
    select
        definition,
        highest_intervention_rank,
        'all' as birth_cohort,
        outcome,
        level_rank,
        outcome_value,
        n_persons
    from ranked
),

-- Some outcomes belong to one level, and only persons of that level are observed.
values_counted as (
    select
        definition,
        highest_intervention_rank,
        birth_cohort,
        outcome,
        case
            when coalesce(level_rank = highest_intervention_rank, true)
                then outcome_value
        end as outcome_value,
        sum(n_persons) as n_persons
    from in_cohorts
    group by all
),

-- How many persons have this value or less, to find the middle one.
accumulated as (
    select
        *,
        sum(case when outcome_value is not null then n_persons end) over (
            partition by definition, highest_intervention_rank, birth_cohort, outcome
        ) as n_observed,
        sum(n_persons) over (
            partition by definition, highest_intervention_rank, birth_cohort, outcome
            order by outcome_value asc nulls last
            rows between unbounded preceding and current row
        ) as n_up_to_value
    from values_counted
),

final as (
    select
        definition,
        cast(highest_intervention_rank as integer) as highest_intervention_rank,
        birth_cohort,
        outcome,
        cast(sum(n_persons) as bigint) as n_persons,
        cast(coalesce(max(n_observed), 0) as bigint) as n_observed,
        case
            when max(n_observed) > 0
                then coalesce(
                    cast(sum(n_persons) filter (where outcome_value > 0) as bigint), 0
                )
        end as n_with_outcome,
        -- The last digits of a sum depend on its order.
        {{ rounded('sum(outcome_value * n_persons) / max(n_observed)', 9) }}
            as mean_value,
        -- With an even number of persons, the mean of the two in the middle.
        (
            min(outcome_value) filter (where 2 * n_up_to_value >= n_observed)
            + min(outcome_value) filter (where 2 * n_up_to_value > n_observed)
        ) / 2 as median_value
    from accumulated
    group by definition, highest_intervention_rank, birth_cohort, outcome
)

select * from final
