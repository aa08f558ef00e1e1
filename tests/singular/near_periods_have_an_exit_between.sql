-- Periods of care of one child that are no further apart than the gap that is allowed
-- within one are two only because the child left care between them. Returns one row per
-- later period without such an exit.
with periods as (
    select
        pupil_id,
        period_start_date,
        max(period_end_date) over (
            partition by pupil_id
            order by period_number
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_date
    from {{ ref('int_cla_period_of_care') }}
),

exits as (
    select
        episodes.pupil_id,
        episodes.episode_end_date as exit_date
    from {{ ref('int_cla_episode') }} as episodes
    inner join {{ ref('reason_episode_ceased') }} as reasons
        on episodes.reason_episode_ceased_code = reasons.code
    where
        reasons.ends_period_of_care
        and reasons.published_group <> 'Care taken by another local authority'
        and not episodes.is_censored
        and not episodes.is_end_before_start
)

select 1 as breach
from periods
left join exits
    on
        periods.pupil_id = exits.pupil_id
        and periods.earlier_end_date <= exits.exit_date
        and periods.period_start_date > exits.exit_date
where
    {{ days_between('periods.earlier_end_date', 'periods.period_start_date') }}
    <= {{ var('period_of_care_max_gap_days') }}
    and exits.pupil_id is null
