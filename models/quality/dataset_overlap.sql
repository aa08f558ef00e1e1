with pupils as (
    select
        pupil_id,
        {% for dataset in datasets() %}
        bool_or(dataset = '{{ dataset }}') as in_{{ dataset }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_pupil_row') }}
    group by pupil_id
),

final as (
    select
        {% for dataset in datasets() %}
        in_{{ dataset }},
        {% endfor %}
        count(*) as n_pupils
    from pupils
    group by all
)

select * from final
