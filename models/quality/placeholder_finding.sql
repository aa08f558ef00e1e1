{%- set few_rows = 20 -%}
{%- set many_rows = 100 -%}
with combinations as (
    select * from {{ ref('dataset_overlap') }}
),

offenders as (
    select
        moj_uid,
        count(*) as n_rows
    from {{ ref('stg_offence') }}
    where moj_uid is not null
    group by moj_uid
),

-- A word that a program wrote for a missing identifier looks like a child with far more
-- rows than a child can have. A few people have many exclusions or offences.
frequencies as (
    {% for dataset in datasets() %}
    select
        '{{ dataset }}' as dataset,
        'pupil_id' as column_name,
        {{ many_rows if dataset in ('exclusion', 'offence') else few_rows }} as n_least,
        max(most_rows_{{ dataset }}) as n,
        sum(n_rows_{{ dataset }}) as n_total
    from combinations
    union all
    {% endfor %}
    select
        'offence' as dataset,
        'moj_uid' as column_name,
        {{ many_rows }} as n_least,
        max(n_rows) as n,
        sum(n_rows) as n_total
    from offenders
),

-- The larger the extract, the smaller the share of its rows that one child can have.
final as (
    select
        'placeholder_identifier' as code,
        dataset,
        column_name,
        cast(n as bigint) as n,
        cast(n_total as bigint) as n_total
    from frequencies
    where
        (n >= n_least and n * 20 >= n_total)
        or (n >= 10 * n_least and n * 200 >= n_total)
)

select * from final
