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

{{ joined_spells(
    'stays',
    partition_by=['pupil_id'],
    start_date='care_start_date',
    end_date='episode_end_date',
    tie_break='care_episode_id',
    max_gap_days=var('period_of_care_max_gap_days')
) }},

final as (
    select
        care_episode_id,
        pupil_id,
        care_start_date,
        episode_start_date,
        episode_end_date,
        spell_number as period_number
    from numbered
)

select * from final
