with stays as (
    select * from {{ ref('int_cla_episode_period') }}
),

episodes as (
    select * from {{ ref('int_cla_episode') }}
),

ordered as (
    select
        stays.care_episode_id,
        stays.pupil_id,
        stays.period_number,
        episodes.placement_code,
        episodes.reason_new_episode_code,
        row_number() over same_period as place_in_period,
        -- Two authorities can report one move.
        coalesce(
            lag(stays.episode_start_date) over same_period = stays.episode_start_date
            and lag(episodes.local_authority_code) over same_period
            <> episodes.local_authority_code,
            false
        ) as is_reported_twice
    from stays
    inner join episodes on stays.care_episode_id = episodes.care_episode_id
    window same_period as (
        partition by stays.pupil_id, stays.period_number
        order by stays.episode_start_date, stays.episode_end_date, stays.care_episode_id
    )
),

-- A blank code does not hide a move: the last known code of the period is compared.
compared as (
    select
        *,
        max_by(
            placement_code,
            case when placement_code is not null then place_in_period end
        ) over (
            partition by pupil_id, period_number
            order by place_in_period
            rows between unbounded preceding and 1 preceding
        ) as placement_code_before
    from ordered
),

-- A new episode begins with any change, even of legal status alone. If the extract has
-- the reason why it began, the reason decides, even between two placements of one kind.
-- Otherwise a different placement code is a move.
final as (
    select
        care_episode_id,
        pupil_id,
        period_number,
        cast(place_in_period as integer) as place_in_period,
        coalesce(
            place_in_period > 1
            and not is_reported_twice
            and case
                when reason_new_episode_code in ('P', 'B', 'T', 'U') then true
                when reason_new_episode_code in ('S', 'L') then false
                else placement_code <> placement_code_before
            end,
            false
        ) as is_placement_move
    from compared
)

select * from final
