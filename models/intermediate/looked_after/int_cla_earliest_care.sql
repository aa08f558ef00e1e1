with records as (
    select * from {{ ref('int_cla_record') }}
),

pupils as (
    select * from {{ ref('int_pupil') }}
    where year_of_birth is not null
),

last_days as (
    select
        pupil_id,
        max(episode_end_date) filter (where episode_end_date >= episode_start_date)
            as last_care_date
    from records
    group by pupil_id
),

-- Nobody is in care before the month of birth, or longer than from birth to the 18th
-- birthday. A child who is in care on a day was born in or after the reporting year
-- that began 18 to 19 years before.
bounds as (
    select
        last_days.pupil_id,
        {{ reporting_year_start(
            reporting_year_of('last_days.last_care_date') ~ ' - 18'
        ) }} as childhood_start_date,
        {{ month_start('pupils.year_of_birth', 'coalesce(pupils.month_of_birth, 1)') }}
            as birth_month_start_date
    from last_days
    left join pupils on last_days.pupil_id = pupils.pupil_id
),

final as (
    select
        pupil_id,
        greatest(
            coalesce(childhood_start_date, birth_month_start_date),
            coalesce(birth_month_start_date, childhood_start_date)
        ) as earliest_care_date
    from bounds
)

select * from final
