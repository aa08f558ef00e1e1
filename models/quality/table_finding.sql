with years as (
    select distinct
        dataset,
        {{ try_cast('right(academic_year, 4)', 'integer') }} as last_year
    from {{ ref('column_coverage') }}
),

found as (
    -- Pupils with several MoJ identifiers are counted as persons.
    select
        case
            when conflict_type like '%ten % or more' then 'identifier_of_many'
            else 'identity_conflict'
        end as code,
        cast(null as string) as dataset,
        conflict_type as detail,
        n_found as n,
        n_checked as n_total
    from {{ ref('identity_conflicts') }}
    where conflict_type <> 'pupil with more than one MoJ identifier'
    union all
    select
        case
            when n_duplicate_rows * 3 >= n_rows then 'rows_mostly_repeated'
            else 'duplicate_row'
        end as code,
        dataset,
        cast(null as string) as detail,
        n_duplicate_rows as n,
        n_rows as n_total
    from {{ ref('duplicate_rows') }}
    union all
    select
        'same_rows_in_files' as code,
        dataset,
        same_rows_as || ' and ' || file_name as detail,
        rows_loaded as n,
        rows_loaded as n_total
    from {{ source('raw', 'load_files') }}
    where same_rows_as is not null
    union all
    {% for code, model, n, n_total in [
        (
            'two_authorities', 'two_authorities',
            'sum(n_pupils_in_two_authorities)', 'sum(n_pupils_with_authority)'
        ),
        ('far_from_published', 'published_comparison', 'count(finding)', 'count(gap)'),
        ('rate_far_from_published', 'published_rate', 'count(finding)', 'count(*)'),
    ] %}
    select
        '{{ code }}' as code,
        dataset,
        cast(null as string) as detail,
        {{ n }} as n,
        {{ n_total }} as n_total
    from {{ ref(model) }}
    group by dataset
    union all
    {% endfor %}
    select
        'sample_of_unknown_size' as code,
        cast(null as string) as dataset,
        cast(null as string) as detail,
        n_counts as n,
        n_counts as n_total
    from {{ ref('published_scale') }}
    where is_sample_of_unknown_size
    union all
    -- Rows without a pupil are a finding of the accounts.
    select
        'exclusion_not_counted' as code,
        'exclusion' as dataset,
        reason_excluded as detail,
        count(*) as n,
        count(*) as n_total
    from {{ ref('int_exclusion_row') }}
    where reason_excluded <> 'no pupil reference'
    group by reason_excluded
    union all
    -- Absence was not collected in 2019/20.
    select
        'years_missing' as code,
        dataset,
        cast(null as string) as detail,
        max(last_year) - min(last_year) + 1 - count(*)
        - case
            when dataset = 'absence' and min(last_year) < 2020 and max(last_year) > 2020
                then 1
            else 0
        end as n,
        max(last_year) - min(last_year) + 1 as n_total
    from years
    where dataset <> 'absence' or last_year <> 2020
    group by dataset
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
