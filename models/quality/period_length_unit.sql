with cla as (
    select * from {{ ref('stg_cla') }}
),

-- What the length should be: from the start of the period to its end, or to 31 March
-- where the child was still looked after then.
measured as (
    select
        period_of_care_length,
        {{ days_between(
            'period_of_care_start_date',
            'least(coalesce(episode_end_date, ' ~ reporting_year_end('reporting_year')
            ~ '), ' ~ reporting_year_end('reporting_year') ~ ')'
        ) }} as n_days
    from cla
    where
        period_of_care_length is not null
        and period_of_care_start_date is not null
        and reporting_year is not null
),

fitted as (
    select
        count(*) as n_rows,
        count(case when abs(period_of_care_length - n_days) <= 2 then 1 end)
            as n_fit_days,
        count(case when abs(period_of_care_length - n_days / 30.4375) <= 1.5 then 1 end)
            as n_fit_months
    from measured
    where n_days > 60
),

final as (
    select
        case
            when n_rows = 0 then 'not known'
            when n_fit_days > n_fit_months then 'days'
            else 'months'
        end as unit,
        cast(n_rows as bigint) as n_rows,
        cast(n_fit_days as bigint) as n_rows_that_fit_days,
        cast(n_fit_months as bigint) as n_rows_that_fit_months,
        cast(n_rows - greatest(n_fit_days, n_fit_months) as bigint)
            as n_rows_that_disagree
    from fitted
)

select * from final
