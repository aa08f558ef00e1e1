with persons as (
    select * from {{ ref('person_highest_intervention') }}
),

n_persons as (
    select count(*) as n from persons
),

datasets as (
    select
        dataset,
        max(n_rows) as n_rows,
        max(n_filled) filter (where column_name = 'pupil_id') as n_with_pupil,
        max(n_filled) filter (where kind <> 'identifier') as n_with_other_value
    from {{ ref('column_fill') }}
    group by dataset
),

-- Outcomes that were not delivered are one finding.
outcomes_missing as (
    select
        concat_ws(
            ', '
            {%- for dataset in school_datasets() + ['offence'] %},
            max(case when dataset = '{{ dataset }}' then dataset end)
            {%- endfor %}
        ) as detail
    from datasets
    where n_rows = 0
),

found as (
    select
        'no_rows_' || datasets.dataset as code,
        datasets.dataset,
        cast(null as string) as detail,
        greatest(n_persons.n, 1) as n,
        n_persons.n as n_total
    from datasets
    cross join n_persons
    where
        datasets.n_rows = 0
        and datasets.dataset in ('cla', 'cin', 'population')
    union all
    select
        'outcomes_not_delivered' as code,
        cast(null as string) as dataset,
        outcomes_missing.detail,
        greatest(n_persons.n, 1) as n,
        n_persons.n as n_total
    from outcomes_missing
    cross join n_persons
    where outcomes_missing.detail <> ''
    union all
    select
        'dataset_without_pupil' as code,
        dataset,
        cast(null as string) as detail,
        n_rows as n,
        n_rows as n_total
    from datasets
    where n_rows > 0 and n_with_pupil = 0
    union all
    select
        'dataset_only_identifiers' as code,
        dataset,
        cast(null as string) as detail,
        n_rows as n,
        n_rows as n_total
    from datasets
    where n_rows > 0 and n_with_other_value = 0
    union all
    -- Without a population file, nobody is missing from it.
    select
        'not_in_population' as code,
        cast(null as string) as dataset,
        cast(null as string) as detail,
        count(*) filter (where not in_population) as n,
        count(*) as n_total
    from persons
    having count(*) filter (where in_population) > 0
),

final as (
    select
        code,
        dataset,
        detail,
        cast(n as bigint) as n,
        cast(n_total as bigint) as n_total
    from found
    where n > 0
)

select * from final
