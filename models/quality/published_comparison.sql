with published as (
    select
        series,
        reporting_year,
        unit,
        value as published_value,
        source
    from {{ ref('national_statistics') }}
    where category = 'all'
),

counted as (
    select
        'cla' as dataset,
        *
    from {{ ref('cla_yearly_count') }}
    union all
    select
        'cin' as dataset,
        *
    from {{ ref('cin_yearly_count') }}
),

pupils as (
    select
        cast(
            case
                when {{ var('children_represented') }} = 0 or count(*) = 0 then 1
                else cast({{ var('children_represented') }} as double) / count(*)
            end as double
        ) as scale_factor
    from {{ ref('int_pupil') }}
),

compared as (
    select
        counted.dataset,
        counted.series,
        counted.reporting_year,
        published.unit,
        published.published_value,
        counted.n_pupils,
        counted.n_rows_without_pupil,
        counted.n_pupils + counted.n_rows_without_pupil as n_counted,
        pupils.scale_factor,
        (counted.n_pupils + counted.n_rows_without_pupil) * pupils.scale_factor
            as scaled_count,
        published.source
    from counted
    left join published
        on
            counted.series = published.series
            and counted.reporting_year = published.reporting_year
    cross join pupils
),

-- What makes a count of these extracts less than a count of the children, whatever was
-- done right.
noted as (
    select
        *,
        scaled_count - published_value as gap,
        100 * (scaled_count - published_value) / published_value as gap_percent,
        case
            when published_value is null then 'nothing published for this year'
            when
                dataset = 'cin' and reporting_year = 2009
                and series <> 'in need on 31 March'
                then 'the extract begins in October 2008'
            when dataset = 'cin' and reporting_year <= 2012
                then 'children without a pupil reference are hardly in the extract'
        end as note
    from compared
),

final as (
    select
        dataset,
        series,
        reporting_year,
        unit,
        published_value,
        n_pupils,
        n_rows_without_pupil,
        n_counted,
        scale_factor,
        scaled_count,
        gap,
        gap_percent,
        case
            when note is not null then null
            when gap_percent > 10 then 'more than a tenth above what was published'
            when gap_percent < -10 then 'more than a tenth below what was published'
        end as finding,
        note,
        source
    from noted
)

select * from final
