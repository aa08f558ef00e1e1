{%- set outcomes = share_outcomes() -%}
with counts as (
    select * from {{ ref('int_area_person_count') }}
),

authorities as (
    select * from {{ ref('int_area_authority') }}
),

names as (
    {% for outcome in outcomes %}
    select '{{ outcome }}' as outcome
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A code that is on no list keeps its place: it can be a pseudonym.
in_areas as (
    select
        coalesce(authorities.local_authority_code, counts.authority_code)
            as local_authority_code,
        counts.*
    from counts
    left join authorities on counts.authority_code = authorities.authority_code
),

by_outcome as (
    select
        in_areas.local_authority_code,
        in_areas.highest_intervention_rank,
        in_areas.birth_cohort,
        in_areas.gender_code,
        names.outcome,
        in_areas.n_persons,
        case names.outcome
            {% for outcome in outcomes %}
            when '{{ outcome }}' then in_areas.n_observed_{{ outcome }}
            {% endfor %}
        end as n_observed,
        case names.outcome
            {% for outcome in outcomes %}
            when '{{ outcome }}' then in_areas.n_with_{{ outcome }}
            {% endfor %}
        end as n_with_outcome
    from in_areas
    cross join names
),

final as (
    select
        local_authority_code,
        highest_intervention_rank,
        birth_cohort,
        gender_code,
        outcome,
        cast(sum(n_persons) as bigint) as n_persons,
        cast(sum(n_observed) as bigint) as n_observed,
        cast(sum(n_with_outcome) as bigint) as n_with_outcome
    from by_outcome
    group by
        local_authority_code,
        highest_intervention_rank,
        birth_cohort,
        gender_code,
        outcome
)

select * from final
