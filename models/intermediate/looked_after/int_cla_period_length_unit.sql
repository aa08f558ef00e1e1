with periods as (
    select * from {{ ref('int_cla_period_of_care') }}
),

-- One source of these extracts gives lengths in months and another in days. Short
-- periods fit both units, so they do not decide.
fitted as (
    select
        {% for unit in ['days', 'months'] %}
        count(*) filter (
            where {{ period_length_fits('delivered_length', 'period_days', unit) }}
        ) as n_fit_{{ unit }},
        {% endfor %}
        count(*) as n_periods
    from periods
    where delivered_length is not null and period_days > 60
),

final as (
    select
        case
            when n_fit_days = 0 and n_fit_months = 0 then 'not known'
            when n_fit_days > n_fit_months then 'days'
            else 'months'
        end as unit,
        cast(n_periods as bigint) as n_periods,
        cast(n_fit_days as bigint) as n_periods_that_fit_days,
        cast(n_fit_months as bigint) as n_periods_that_fit_months,
        cast(n_periods - greatest(n_fit_days, n_fit_months) as bigint)
            as n_periods_that_disagree
    from fitted
)

select * from final
