with pupils as (
    select
        pupil_id,
        {% for dataset in datasets() %}
        count(*) filter (where dataset = '{{ dataset }}') as rows_{{ dataset }},
        {% endfor %}
        count(*) as n_rows
    from {{ ref('int_pupil_row') }}
    group by pupil_id
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
