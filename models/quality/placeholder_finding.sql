with combinations as (
    select * from {{ ref('dataset_overlap') }}
),

layouts as (
    select
        dataset,
        n_rows_of_placeholder as n_least
    from {{ ref('dataset_layout') }}
),

offences as (
    select * from {{ ref('stg_offence') }}
),

offenders as (
    select
        moj_uid,
        count(*) as n_rows
    from offences
    where moj_uid is not null
    group by moj_uid
),

cases as (
    select
        count(*) as n_rows,
        count(distinct coalesce(moj_uid, pupil_id)) as n_persons
    from offences
    where case_id is not null
    group by case_id
),

ordered_cases as (
    select
        n_persons,
        row_number() over by_persons as place,
        sum(n_rows) over by_persons as n,
        coalesce(lead(n_persons) over by_persons, 0) as n_persons_of_next,
        sum(n_rows) over () as n_total
    from cases
    window by_persons as (order by n_persons desc, n_rows desc)
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
    union all
    -- A case can have several persons. If each person's cases were numbered from 1, the
    -- next number would have nearly as many. People may write up to three words.
    select
        'placeholder_case' as code,
        'offence' as dataset,
        'case_id' as column_name,
        cast(max(n) as bigint) as n,
        cast(max(n_total) as bigint) as n_total
    from ordered_cases
    where
        place <= 3
        and n_persons >= 10 * n_persons_of_next
        and (
            (n_persons >= 20 and n * 20 >= n_total)
            or (n_persons >= 200 and n * 200 >= n_total)
        )
    having count(*) > 0
)

select * from final
