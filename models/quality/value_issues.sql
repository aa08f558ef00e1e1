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

-- Contradictions between the rows of one child.
between_rows as (
    {% for dataset, issues in [
        ('cla', 'int_cla_episode_issue'),
        ('cin', 'int_cin_referral_issue'),
    ] %}
    select
        '{{ dataset }}' as dataset,
        column_name,
        issue,
        academic_year,
        count(*) as n_rows
    from {{ ref(issues) }}
    group by column_name, issue, academic_year
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select * from by_row
    union all
    select * from between_rows
)

select * from final
