with periods as (
    select * from {{ ref('int_cla_period_of_care') }}
),

stays as (
    select * from {{ ref('int_cla_episode_period') }}
),

moves as (
    select * from {{ ref('int_cla_placement_move') }}
),

episodes as (
    select * from {{ ref('int_cla_episode') }}
),

reasons as (
    select * from {{ ref('reason_episode_ceased') }}
),

-- The last episode of a period tells how it ended.
ordered as (
    select
        stays.pupil_id,
        stays.period_number,
        episodes.is_short_break,
        episodes.is_censored,
        episodes.reason_episode_ceased_code,
        moves.is_placement_move,
        row_number() over (
            partition by stays.pupil_id, stays.period_number
            order by stays.episode_end_date desc, stays.episode_start_date desc
        ) as place_from_end
    from stays
    inner join episodes on stays.care_episode_id = episodes.care_episode_id
    inner join moves on stays.care_episode_id = moves.care_episode_id
),

summed as (
    select
        pupil_id,
        period_number,
        cast(count(case when is_placement_move then 1 end) as integer)
            as n_placement_moves,
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
        summed.n_placement_moves,
        summed.n_placement_moves + 1 as n_placements,
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
