with row_issues as (
    {% for dataset, model in [
        ('cla', 'int_cla_value_issue'),
        ('cin', 'int_cin_value_issue'),
        ('population', 'int_population_value_issue'),
    ] %}
    select
        '{{ dataset }}' as dataset,
        column_name,
        issue,
        academic_year
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

by_row as (
    select
        dataset,
        column_name,
        issue,
        academic_year,
        count(*) as n_rows
    from row_issues
    group by dataset, column_name, issue, academic_year
),

-- The latest year's values win within an episode; where an earlier year said something
-- else, one of the two is wrong, or the code list changed between them.
disputed as (
    {% for column in ['placement_code', 'legal_status_code', 'category_of_need_code'] %}
    select
        'cla' as dataset,
        '{{ column }}' as column_name,
        'differs between the yearly rows of one episode' as issue,
        {{ academic_year_label('last_seen_year - 1') }} as academic_year,
        count(*) as n_rows
    from {{ ref('int_cla_episode') }}
    where is_{{ column }}_disputed
    group by last_seen_year
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select * from by_row
    union all
    select * from disputed
)

select * from final
