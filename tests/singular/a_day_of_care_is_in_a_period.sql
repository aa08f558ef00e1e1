-- Each episode with usable dates lies within exactly one period of its child, so no day
-- in care gets lost where episodes are joined into periods.
with episodes as (
    select
        care_episode_id,
        pupil_id,
        episode_start_date,
        episode_end_date
    from {{ ref('care_episode') }}
    where duration_days is not null
),

periods as (
    select
        pupil_id,
        period_start_date,
        period_end_date
    from {{ ref('period_of_care') }}
)

select count(periods.pupil_id) as n_periods
from episodes
left join periods
    on
        episodes.pupil_id = periods.pupil_id
        and episodes.episode_start_date >= periods.period_start_date
        and episodes.episode_end_date <= periods.period_end_date
group by episodes.care_episode_id
having count(periods.pupil_id) <> 1
