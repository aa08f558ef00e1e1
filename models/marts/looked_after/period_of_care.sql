with periods as (
    select * from {{ ref('int_cla_period_of_care') }}
),

reasons as (
    select * from {{ ref('reason_episode_ceased') }}
),

length_units as (
    select * from {{ ref('int_cla_period_length_unit') }}
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

-- The delivered length is kept as it is; the dates decide how long a period was. The
-- reason has a label only if the period has ended, or if the reason is that the child
-- is still looked after.
final as (
    select
        periods.period_of_care_id,
        periods.pupil_id,
        periods.period_number,
        periods.period_start_date,
        periods.period_end_date,
        periods.period_days,
        cast(periods.delivered_length as double) as delivered_length,
        case when periods.delivered_length is not null then length_units.unit end
            as delivered_length_unit,
        case
            when length_units.unit = 'days'
                then
                    not {{ period_length_fits(
                        'periods.delivered_length', 'periods.period_days', 'days'
                    ) }}
            when length_units.unit = 'months'
                then
                    not {{ period_length_fits(
                        'periods.delivered_length', 'periods.period_days', 'months'
                    ) }}
        end as is_length_disputed,
        periods.n_episodes,
        periods.n_placement_moves,
        periods.n_placement_moves + 1 as n_placements,
        periods.is_short_break,
        periods.is_censored,
        periods.reason_ended_code,
        reasons.label as reason_ended_label,
        reasons.published_group as reason_ended_group,
        releases.is_every_episode_shown
    from periods
    cross join length_units
    cross join releases
    left join reasons
        on
            periods.reason_ended_code = reasons.code
            and (not periods.is_censored or reasons.code = '-10')
)

select * from final
