-- Under each definition everybody is somewhere, exactly once; and the definition that
-- was chosen gives what the person mart says.
with chosen as (
    select
        highest_intervention_rank,
        count(*) as n_persons
    from {{ ref('person_highest_intervention') }}
    group by highest_intervention_rank
),

sensitivity as (
    select * from {{ ref('definition_sensitivity') }}
),

population as (
    select count(*) as n_persons from {{ ref('int_pupil') }}
),

totals as (
    select
        sensitivity.definition,
        sum(sensitivity.n_persons) as n_persons
    from sensitivity
    group by sensitivity.definition
)

select 'a definition does not cover everybody' as breach
from totals
cross join population
where totals.n_persons <> population.n_persons
union all
select 'the chosen definition differs from the person mart' as breach
from sensitivity
left join chosen
    on sensitivity.highest_intervention_rank = chosen.highest_intervention_rank
where sensitivity.is_chosen and sensitivity.n_persons <> coalesce(chosen.n_persons, 0)
union all
select 'the variable intervention_definition names no row of the seed' as breach
from population
where
    not exists (
        select 1 as one
        from sensitivity
        where sensitivity.is_chosen
    )
