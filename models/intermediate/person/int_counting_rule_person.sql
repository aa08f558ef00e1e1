{{ config(materialized='view') }}
with rules as (
    select * from {{ without_catalog(ref('outcome_counting_rules')) }}
),

outcomes as (
    select * from {{ without_catalog(ref('person_outcome')) }}
    where is_justice_complete
),

justice as (
    select * from {{ without_catalog(ref('int_person_justice')) }}
),

-- Most persons have no offence, and then every rule counts none.
without_offence as (
    select
        outcomes.highest_intervention_rank,
        count(*) as n_persons
    from outcomes
    where
        not exists (
            select 1 from justice
            where justice.pupil_id = outcomes.pupil_id
        )
    group by outcomes.highest_intervention_rank
),

-- An occasion without an age may belong to the ages or not, so nothing is known then.
with_offence as (
    select
        justice.counting_rule,
        outcomes.highest_intervention_rank,
        justice.n_convictions,
        justice.n_cautions,
        count(*) as n_persons
    from justice
    inner join outcomes on justice.pupil_id = outcomes.pupil_id
    where justice.n_occasions_age_unknown = 0
    group by
        justice.counting_rule,
        outcomes.highest_intervention_rank,
        justice.n_convictions,
        justice.n_cautions
),

final as (
    select
        rules.counting_rule,
        without_offence.highest_intervention_rank,
        0 as n_convictions,
        0 as n_cautions,
        without_offence.n_persons
    from without_offence
    cross join rules
    union all
    select * from with_offence
)

select * from final
