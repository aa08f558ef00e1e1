with combinations as (
    select * from {{ ref('dataset_overlap') }}
),

layouts as (
    select
        dataset,
        n_rows_of_placeholder as n_least
    from {{ ref('dataset_layout') }}
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
        max(most_rows_{{ dataset }}) as n,
        sum(n_rows_{{ dataset }}) as n_total
    from combinations
    union all
    {% endfor %}
    select
        'offence' as dataset,
        'moj_uid' as column_name,
        max(n_rows) as n,
        sum(n_rows) as n_total
    from offenders
),

-- The larger the extract, the smaller the share of its rows that one child can have.
final as (
    select
        'placeholder_identifier' as code,
        frequencies.dataset,
        frequencies.column_name,
        cast(frequencies.n as bigint) as n,
        cast(frequencies.n_total as bigint) as n_total
    from frequencies
    inner join layouts on frequencies.dataset = layouts.dataset
    where
        (
            frequencies.n >= layouts.n_least
            and frequencies.n * 20 >= frequencies.n_total
        )
        or (
            frequencies.n >= 10 * layouts.n_least
            and frequencies.n * 200 >= frequencies.n_total
        )
)

select * from final
