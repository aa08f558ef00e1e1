{%- set same_persons =
    'highest_intervention_rank, birth_cohort, gender_code, outcome' -%}
with counts as (
    select * from {{ ref('int_area_count') }}
),

cohort_groups as (
    select * from {{ ref('cohort_group') }}
),

-- The rate of all areas together among persons of one level, cohort and sex.
rated as (
    select
        *,
        cast(sum(n_with_outcome) over (partition by {{ same_persons }}) as double)
        / nullif(sum(n_observed) over (partition by {{ same_persons }}), 0)
            as overall_rate
    from counts
),

in_groups as (
    {{ in_cohort_groups('rated', 'cohort_groups') }}
),

summed as (
    select
        local_authority_code,
        highest_intervention_rank,
        outcome,
        cohort,
        sum(n_persons) as n_persons,
        sum(n_observed) as n_known,
        sum(n_with_outcome) as n_observed,
        sum(n_observed * overall_rate) as n_expected
    from in_groups
    group by local_authority_code, highest_intervention_rank, outcome, cohort
),

-- Observed none is 0; nobody observed is NULL. The last digits of a sum of fractions
-- depend on its order, so they are left out.
final as (
    select
        local_authority_code,
        highest_intervention_rank,
        outcome,
        cohort,
        cast(n_persons as bigint) as n_persons,
        cast(n_known as bigint) as n_known,
        case when n_known > 0 then cast(n_observed as bigint) end as n_observed,
        case when n_known > 0 then {{ rounded('n_expected', 6) }} end as n_expected
    from summed
)

select * from final
