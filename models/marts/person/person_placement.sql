with episodes as (
    select * from {{ ref('int_cla_episode') }}
),

stays as (
    select * from {{ ref('int_cla_placement_stay') }}
),

placements as (
    select * from {{ ref('placement') }}
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

-- An episode without usable dates was seen on the day on which it started.
placed as (
    select
        episodes.pupil_id,
        episodes.is_short_break,
        coalesce(
            {{ placement_group(
                'placements.published_group', 'placements.foster_carer_type'
            ) }},
            'Not known'
        ) as placement_group,
        coalesce(stays.placement_start_date, episodes.episode_start_date) as first_date,
        case
            when stays.care_episode_id is not null then stays.placement_end_date
            when episodes.episode_end_date is not null then episodes.episode_start_date
        end as last_date,
        coalesce(stays.placement_days, 0) as placement_days
    from episodes
    left join stays on episodes.care_episode_id = stays.care_episode_id
    left join placements on episodes.placement_code = placements.code
),

counted as (
    select
        pupil_id,
        placement_group,
        cast(sum(placement_days) as integer) as placement_days,
        cast(sum(case when is_short_break then 0 else placement_days end) as integer)
            as placement_days_not_short_break,
        cast(count(*) as integer) as n_episodes,
        cast(count(*) filter (where not is_short_break) as integer)
            as n_episodes_not_short_break,
        min(first_date) as first_date,
        max(last_date) as last_date
    from placed
    group by pupil_id, placement_group
),

final as (
    select
        {{ hash_key(['counted.pupil_id', 'counted.placement_group']) }}
            as person_placement_id,
        counted.*,
        releases.is_every_episode_shown
    from counted
    cross join releases
)

select * from final
