with episodes as (
    select * from {{ ref('int_cla_episode') }}
),

reasons as (
    select
        code,
        published_group,
        ends_period_of_care
    from {{ ref('reason_episode_ceased') }}
),

-- With these reasons the child left care. After reason E3 the child is still in care,
-- with another authority.
exits as (
    select
        episodes.care_episode_id,
        episodes.pupil_id,
        episodes.episode_end_date as exit_date
    from episodes
    inner join reasons on episodes.reason_episode_ceased_code = reasons.code
    where
        reasons.ends_period_of_care
        and reasons.published_group <> 'Care taken by another local authority'
        and not episodes.is_censored
        and not episodes.is_end_before_start
),

last_exits as (
    select
        episodes.care_episode_id,
        max(exits.exit_date) as last_exit_date
    from episodes
    inner join exits
        on
            episodes.pupil_id = exits.pupil_id
            and episodes.care_episode_id <> exits.care_episode_id
            and episodes.episode_start_date >= exits.exit_date
    group by episodes.care_episode_id
),

checked as (
    select
        episodes.care_episode_id,
        episodes.pupil_id,
        episodes.episode_end_date,
        episodes.period_of_care_start_date,
        last_exits.last_exit_date,
        case
            when episodes.is_start_too_early then episodes.earliest_care_date
            else episodes.episode_start_date
        end as episode_start_date,
        coalesce(episodes.period_of_care_start_date < last_exits.last_exit_date, false)
            as is_period_start_before_exit,
        coalesce(
            episodes.period_of_care_start_date < episodes.earliest_care_date, false
        ) as is_period_start_too_early
    from episodes
    left join last_exits on episodes.care_episode_id = last_exits.care_episode_id
    where not episodes.is_end_before_start and episodes.episode_end_date is not null
),

-- The extract shows only the latest episode of a year, but each row also gives the day
-- on which the child's period of care began. The child was looked after from that day.
-- A day before an exit from care belongs to an earlier period. A day before birth
-- belongs to none.
stays as (
    select
        *,
        case
            when
                period_of_care_start_date < episode_start_date
                and not is_period_start_before_exit
                and not is_period_start_too_early
                then period_of_care_start_date
            else episode_start_date
        end as care_start_date
    from checked
    where episode_start_date <= episode_end_date
),

final as (
    select
        care_episode_id,
        pupil_id,
        care_start_date,
        episode_start_date,
        episode_end_date,
        is_period_start_before_exit,
        is_period_start_too_early,
        spell_number as period_number
    from {{ joined_spells(
        'stays',
        partition_by=['pupil_id'],
        start_date='care_start_date',
        end_date='episode_end_date',
        tie_break='care_episode_id',
        max_gap_days=var('period_of_care_max_gap_days'),
        break_date='last_exit_date'
    ) }} as joined_stays
)

select * from final
