{%- set shares = share_outcomes() -%}
{#- The one place where persons are read; all other models of areas read its counts. -#}
with persons as (
    select
        {{ area_place_column() }} as authority_code,
        highest_intervention_rank,
        birth_cohort,
        gender_code,
        is_ever_fsm,
        idaci_decile_at_15,
        {% for outcome, value in shares.items() %}
        {{ value }} as {{ outcome }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('person_outcome') }}
    where {{ area_place_column() }} is not null
),

final as (
    select
        authority_code,
        highest_intervention_rank,
        birth_cohort,
        gender_code,
        count(*) as n_persons,
        {% for outcome in shares %}
        count({{ outcome }}) as n_observed_{{ outcome }},
        count(*) filter (where {{ outcome }} = 1) as n_with_{{ outcome }},
        {% endfor %}
        count(is_ever_fsm) as n_free_meals_known,
        count(*) filter (where is_ever_fsm) as n_ever_free_meals,
        count(idaci_decile_at_15) as n_decile_known,
        count(*) filter (where idaci_decile_at_15 <= 2) as n_most_deprived_fifth
    from persons
    group by authority_code, highest_intervention_rank, birth_cohort, gender_code
)

select * from final
