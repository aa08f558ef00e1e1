with row_issues as (
    {% for dataset in datasets() if dataset != 'population' %}
    select
        '{{ dataset }}' as dataset,
        column_name,
        issue,
        academic_year
    from {{ ref('int_' ~ dataset ~ '_value_issue') }}
    union all
    {% endfor %}
    -- The values of a population row are not compared with each other.
    select
        'population' as dataset,
        column_name,
        issue,
        academic_year
    from (
        {{ issues_of_columns(
            ref('stg_population'),
            'cast(null as string)',
            checked_columns('population'),
        ) }}
    ) as population_issues
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

-- Contradictions between the rows of one person.
between_rows as (
    {% for dataset, issues in [
        ('cla', 'int_cla_episode_issue'),
        ('cin', 'int_cin_referral_issue'),
        ('exclusion', 'int_exclusion_issue'),
        ('offence', 'int_offence_issue'),
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
