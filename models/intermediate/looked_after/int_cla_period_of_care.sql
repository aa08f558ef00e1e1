with stays as (
    select * from {{ ref('int_cla_episode_period') }}
),

periods as (
    select
        pupil_id,
        period_number,
        min(care_start_date) as period_start_date,
        max(episode_end_date) as period_end_date,
        cast(count(*) as integer) as n_episodes
    from stays
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
