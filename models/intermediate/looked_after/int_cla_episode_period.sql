with episodes as (
    select * from {{ ref('int_cla_episode') }}
),

-- The extract shows the latest episode of a year only, but each row also says when the
-- child's period of care began: the child was looked after from that day on. An episode
-- that ends before it starts says nothing of days in care.
stays as (
    select
        care_episode_id,
        pupil_id,
        episode_start_date,
        episode_end_date,
        least(
            coalesce(period_of_care_start_date, episode_start_date), episode_start_date
        ) as care_start_date
    from episodes
    where not is_end_before_start and episode_end_date is not null
),

-- Stays overlap (each year of a long period begins on the same day), so the end reached
-- so far, not the end of the stay before, tells whether care had stopped.
reached as (
    select
        *,
        max(episode_end_date) over (
            partition by pupil_id
            order by care_start_date, episode_end_date, care_episode_id
            rows between unbounded preceding and 1 preceding
        ) as cared_for_until
    from stays
),

final as (
    select
        care_episode_id,
        pupil_id,
        care_start_date,
        episode_start_date,
        episode_end_date,
        cast(sum(
            case
                when cared_for_until is null then 1
                when
                    {{ days_between('cared_for_until', 'care_start_date') }}
                    > {{ var('period_of_care_max_gap_days') }}
                    then 1
                else 0
            end
        ) over (
            partition by pupil_id
            order by care_start_date, episode_end_date, care_episode_id
            rows between unbounded preceding and current row
        ) as integer) as period_number
    from reached
)

select * from final
