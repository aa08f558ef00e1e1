with published as (
    select * from {{ ref('published_rates') }}
),

counted as (
    select * from {{ ref('yearly_rate') }}
),

measured as (
    select
        published.dataset,
        counted.*,
        cast(100 * counted.n_part as double) / counted.n_base as rate_percent,
        published.percent as published_percent,
        published.source
    from counted
    inner join published
        on
            counted.series = published.series
            and counted.school_year = published.school_year
),

-- A rate of few pupils misses the published one by chance: a right one lies within
-- three of its standard errors.
final as (
    select
        *,
        rate_percent - published_percent as gap_points,
        case
            when
                abs(rate_percent - published_percent)
                <= 3
                * sqrt(published_percent * (100 - published_percent) / n_pupils)
                then null
            when rate_percent > 1.1 * published_percent
                then 'more than a tenth above what was published'
            when rate_percent < 0.9 * published_percent
                then 'more than a tenth below what was published'
        end as finding
    from measured
)

select * from final
