with row_issues as (
    {% for dataset in datasets() %}
    select
        '{{ dataset }}' as dataset,
        {{ yearly('academic_year', 'string', dataset) }} as academic_year,
        {{ split_rows('value_issues', '|') }} as issue
    from {{ ref('stg_' ~ dataset) }}
    where value_issues <> ''
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

by_row as (
    select
        dataset,
        split_part(issue, ':', 1) as column_name,
        split_part(issue, ':', 2) as issue,
        academic_year,
        count(*) as n_rows
    from row_issues
    group by dataset, issue, academic_year
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
