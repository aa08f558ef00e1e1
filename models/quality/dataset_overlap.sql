{%- set others = datasets() | reject('equalto', 'population') | list -%}
-- The population file has most pupils, nearly all of them once. Counted apart from the
-- other datasets it needs far less memory.
with population as (
    select
        pupil_id,
        count(*) as rows_population
    from {{ ref('int_pupil_row') }}
    where dataset = 'population'
    group by pupil_id
),

others as (
    select
        {% for dataset in others %}
        count(*) filter (where dataset = '{{ dataset }}') as rows_{{ dataset }},
        {% endfor %}
        pupil_id
    from {{ ref('int_pupil_row') }}
    where dataset <> 'population'
    group by pupil_id
),

pupils as (
    select
        {% for dataset in others %}
        coalesce(others.rows_{{ dataset }}, 0) as rows_{{ dataset }},
        {% endfor %}
        coalesce(population.rows_population, 0) as rows_population
    from population
    full outer join others on population.pupil_id = others.pupil_id
),

final as (
    select
        {% for dataset in datasets() %}
        rows_{{ dataset }} > 0 as in_{{ dataset }},
        cast(sum(rows_{{ dataset }}) as bigint) as n_rows_{{ dataset }},
        max(rows_{{ dataset }}) as most_rows_{{ dataset }},
        {% endfor %}
        count(*) as n_pupils
    from pupils
    group by all
)

select * from final
