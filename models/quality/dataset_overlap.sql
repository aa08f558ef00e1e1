{%- set others = datasets() | reject('equalto', 'population') | list -%}
with pupils as (
    select * from {{ ref('int_pupil') }}
),

repeated as (
    select * from {{ ref('int_population_repeated') }}
),

population as (
    select count(pupil_id) > 0 as is_delivered from {{ ref('stg_population') }}
),

-- The population file has most pupils, nearly all of them once. Counted apart from the
-- other datasets it needs far less memory and time.
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

counted as (
    select
        {% for dataset in others %}
        coalesce(others.rows_{{ dataset }}, 0) as rows_{{ dataset }},
        {% endfor %}
        case
            when pupils.in_population and population.is_delivered
                then coalesce(repeated.n_rows, 1)
            else 0
        end as rows_population
    from pupils
    cross join population
    left join repeated on pupils.pupil_id = repeated.pupil_id
    left join others on pupils.pupil_id = others.pupil_id
),

final as (
    select
        {% for dataset in datasets() %}
        rows_{{ dataset }} > 0 as in_{{ dataset }},
        cast(sum(rows_{{ dataset }}) as bigint) as n_rows_{{ dataset }},
        max(rows_{{ dataset }}) as most_rows_{{ dataset }},
        {% endfor %}
        count(*) as n_pupils
    from counted
    group by all
)

select * from final
