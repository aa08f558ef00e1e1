with periods as (
    select * from {{ ref('int_cla_period_of_care') }}
),

stays as (
    select * from {{ ref('int_cla_episode_period') }}
),

episodes as (
    select * from {{ ref('int_cla_episode') }}
),

reasons as (
    select * from {{ ref('reason_episode_ceased') }}
),

-- In order of time, so that the last of a period tells how it ended, and a placement
-- that differs from the one before it is a move. A change of legal status is none.
ordered as (
    select
        stays.pupil_id,
        stays.period_number,
        episodes.is_short_break,
        episodes.is_censored,
        episodes.reason_episode_ceased_code,
        episodes.placement_code,
        lag(episodes.placement_code) over (
            partition by stays.pupil_id, stays.period_number
            order by stays.episode_start_date
        ) as placement_code_before,
        row_number() over (
            partition by stays.pupil_id, stays.period_number
            order by stays.episode_end_date desc, stays.episode_start_date desc
        ) as place_from_end
    from stays
    inner join episodes on stays.care_episode_id = episodes.care_episode_id
),

summed as (
    select
        pupil_id,
        period_number,
        cast(count(
            case when placement_code <> coalesce(placement_code_before, '') then 1 end
        ) as integer) as n_placements,
        bool_and(is_short_break) as is_short_break,
        bool_or(is_censored and place_from_end = 1) as is_censored,
        max(case when place_from_end = 1 then reason_episode_ceased_code end)
            as reason_ended_code
    from ordered
    group by pupil_id, period_number
),

final as (
    select
        periods.period_of_care_id,
        periods.pupil_id,
        periods.period_number,
        periods.period_start_date,
        periods.period_end_date,
        periods.period_days,
        periods.n_episodes,
        summed.n_placements,
        summed.is_short_break,
        summed.is_censored,
        summed.reason_ended_code,
        reasons.label as reason_ended_label,
        reasons.published_group as reason_ended_group
    from periods
    inner join summed
        on
            periods.pupil_id = summed.pupil_id
            and periods.period_number = summed.period_number
    left join reasons on summed.reason_ended_code = reasons.code
)

select * from final
