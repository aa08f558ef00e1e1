with row_issues as (
    {% for dataset in ['cla', 'cin', 'ks4', 'absence', 'census'] %}
    select
        '{{ dataset }}' as dataset,
        column_name,
        issue,
        academic_year
    from {{ ref('int_' ~ dataset ~ '_value_issue') }}
    union all
    {% endfor %}
    -- In these datasets no value is compared with another of its row.
    {% for dataset in ['population', 'exclusion', 'offence'] %}
    select
        '{{ dataset }}' as dataset,
        column_name,
        issue,
        academic_year
    from (
        {{ issues_of_columns(
            ref('stg_' ~ dataset),
            yearly('academic_year', 'string', dataset),
            checked_columns(dataset),
        ) }}
    ) as read
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
