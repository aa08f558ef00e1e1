with pupils as (
    select * from {{ ref('int_pupil') }}
),

periods as (
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

described as (
    select
        stays.pupil_id,
        stays.period_number,
        bool_and(episodes.is_short_break) as is_short_break,
        count(case when moves.is_placement_move then 1 end) as n_placement_moves,
        count(
            case when reasons.published_group like 'Returned home%' then 1 end
        ) as n_returns_home,
        count(case when reasons.published_group = 'Adopted' then 1 end) as n_adoptions
    from stays
    inner join episodes on stays.care_episode_id = episodes.care_episode_id
    inner join moves on stays.care_episode_id = moves.care_episode_id
    left join reasons
        on
            episodes.reason_episode_ceased_code = reasons.code
            and not episodes.is_censored
    group by stays.pupil_id, stays.period_number
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

summed as (
    select
        periods.pupil_id,
        min(periods.period_start_date) as first_entry_date,
        max(periods.period_start_date) as last_entry_date,
        cast(count(*) as integer) as n_periods_of_care,
        cast(count(case when not described.is_short_break then 1 end) as integer)
            as n_periods_not_short_break,
        cast(sum(periods.period_days) as integer) as care_days,
        cast(
            sum(case when described.is_short_break then 0 else periods.period_days end)
            as integer
        ) as care_days_not_short_break,
        cast(sum(described.n_placement_moves) as integer) as n_placement_moves,
        cast(sum(described.n_returns_home) as integer) as n_returns_home,
        sum(described.n_adoptions) > 0 as is_adopted
    from periods
    inner join described
        on
            periods.pupil_id = described.pupil_id
            and periods.period_number = described.period_number
    group by periods.pupil_id
),

final as (
    select
        summed.pupil_id,
        summed.first_entry_date,
        summed.last_entry_date,
        {{ age_on('summed.first_entry_date', 'pupils') }} as age_first_entry,
        {{ age_on('summed.last_entry_date', 'pupils') }} as age_last_entry,
        summed.n_periods_of_care,
        summed.n_periods_not_short_break,
        summed.n_periods_of_care - 1 as n_re_entries,
        summed.care_days,
        summed.care_days_not_short_break,
        summed.n_placement_moves,
        summed.n_returns_home,
        summed.is_adopted,
        releases.cla_release = 'all-episodes' as is_every_episode_shown
    from summed
    cross join releases
    inner join pupils on summed.pupil_id = pupils.pupil_id
)

select * from final
