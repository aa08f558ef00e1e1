with stays as (
    select * from {{ ref('int_cla_episode_period') }}
),

episodes as (
    select * from {{ ref('int_cla_episode') }}
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

followed as (
    select
        stays.*,
        episodes.is_censored,
        lead(stays.episode_start_date) over (
            partition by stays.pupil_id, stays.period_number
            order by
                stays.episode_start_date, stays.episode_end_date, stays.care_episode_id
        ) as next_start_date
    from stays
    inner join episodes on stays.care_episode_id = episodes.care_episode_id
),

-- Where every episode is shown, a placement that was open when it was last seen lasted
-- until the next one of the period began.
lasting as (
    select
        followed.*,
        coalesce(
            releases.is_every_episode_shown
            and followed.is_censored
            and followed.next_start_date > followed.episode_end_date,
            false
        ) as is_end_from_next_start
    from followed
    cross join releases
),

ended as (
    select
        *,
        case when is_end_from_next_start then next_start_date else episode_end_date end
            as placement_end_date
    from lasting
),

-- A child is in one placement at a time. A night that two episodes cover counts in the
-- one that ends later: the other is cut at the start of it.
compared as (
    select
        *,
        min(episode_start_date) over (
            partition by pupil_id
            order by
                placement_end_date desc, episode_start_date asc, care_episode_id asc
            rows between unbounded preceding and 1 preceding
        ) as cut_date
    from ended
),

final as (
    select
        care_episode_id,
        pupil_id,
        episode_start_date as placement_start_date,
        placement_end_date,
        coalesce(cut_date < placement_end_date, false) as is_overlapped,
        is_end_from_next_start,
        greatest(
            {{ days_between(
                'episode_start_date',
                'least(placement_end_date, coalesce(cut_date, placement_end_date))'
            ) }},
            0
        ) as placement_days
    from compared
)

select * from final
