with stays as (
    select * from {{ ref('int_cla_episode_period') }}
),

episodes as (
    select * from {{ ref('int_cla_episode') }}
),

moves as (
    select * from {{ ref('int_cla_placement_move') }}
),

reasons as (
    select
        code,
        published_group,
        end_rank
    from {{ ref('reason_episode_ceased') }}
),

-- The last episode of a period gives the reason for its end. An episode that had not
-- ended has no such reason. Of several that end on the last day, one that was open
-- comes first, and then the one whose reason ends the period.
ordered as (
    select
        stays.pupil_id,
        stays.period_number,
        stays.care_start_date,
        stays.episode_end_date,
        episodes.is_short_break,
        episodes.is_censored,
        episodes.reason_episode_ceased_code,
        episodes.period_of_care_length,
        moves.is_placement_move,
        case when not episodes.is_censored then reasons.published_group end
            as reason_ended_group,
        row_number() over (
            partition by stays.pupil_id, stays.period_number
            order by
                stays.episode_end_date desc,
                coalesce(episodes.is_censored, false) desc,
                reasons.end_rank asc nulls last,
                stays.episode_start_date desc,
                stays.care_episode_id asc
        ) as place_from_end
    from stays
    inner join episodes on stays.care_episode_id = episodes.care_episode_id
    inner join moves on stays.care_episode_id = moves.care_episode_id
    left join reasons on episodes.reason_episode_ceased_code = reasons.code
),

periods as (
    select
        pupil_id,
        period_number,
        min(care_start_date) as period_start_date,
        max(episode_end_date) as period_end_date,
        cast(count(*) as integer) as n_episodes,
        cast(count(*) filter (where is_placement_move) as integer)
            as n_placement_moves,
        cast(count(*) filter (
            where reason_ended_group like 'Returned home%'
        ) as integer) as n_returns_home,
        bool_or(coalesce(reason_ended_group = 'Adopted', false)) as is_adopted,
        bool_and(is_short_break) as is_short_break,
        bool_or(is_censored and place_from_end = 1) as is_censored,
        max(case when place_from_end = 1 then reason_episode_ceased_code end)
            as reason_ended_code,
        max(case when place_from_end = 1 then period_of_care_length end)
            as delivered_length
    from ordered
    group by pupil_id, period_number
),

final as (
    select
        {{ hash_key(['pupil_id', 'period_start_date']) }} as period_of_care_id,
        *,
        {{ days_between('period_start_date', 'period_end_date') }} as period_days
    from periods
)

select * from final
