with pupils as (
    select * from {{ ref('int_pupil') }}
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

-- How much of a period lies within the years that the extract covers: a period can have
-- begun long before the first of them. Where no year can be read, none is covered.
periods as (
    select
        periods.*,
        releases.first_covered_date is not null as is_any_year_covered,
        greatest(periods.period_start_date, releases.first_covered_date)
            as covered_start_date,
        least(periods.period_end_date, releases.last_covered_date) as covered_end_date
    from {{ ref('int_cla_period_of_care') }} as periods
    cross join releases
),

measured as (
    select
        *,
        case
            when is_any_year_covered and covered_end_date > covered_start_date
                then {{ days_between('covered_start_date', 'covered_end_date') }}
            else 0
        end as covered_days
    from periods
),

summed as (
    select
        pupil_id,
        min(period_start_date) as first_entry_date,
        max(period_start_date) as last_entry_date,
        min(case when not is_short_break then period_start_date end)
            as first_entry_not_short_break_date,
        cast(count(*) as integer) as n_periods_of_care,
        cast(count(*) filter (where not is_short_break) as integer)
            as n_periods_not_short_break,
        cast(sum(period_days) as integer) as care_days,
        cast(sum(case when not is_short_break then period_days else 0 end) as integer)
            as care_days_not_short_break,
        cast(sum(covered_days) as integer) as care_days_in_covered_years,
        cast(sum(n_placement_moves) as integer) as n_placement_moves,
        cast(sum(
            case when not is_short_break then n_placement_moves else 0 end
        ) as integer) as n_placement_moves_not_short_break,
        cast(sum(n_returns_home) as integer) as n_returns_home,
        cast(sum(
            case when not is_short_break then n_returns_home else 0 end
        ) as integer) as n_returns_home_not_short_break,
        bool_or(is_adopted) as is_adopted
    from measured
    group by pupil_id
),

final as (
    select
        summed.pupil_id,
        summed.first_entry_date,
        summed.last_entry_date,
        summed.first_entry_not_short_break_date,
        {{ age_on('summed.first_entry_date', 'pupils') }} as age_first_entry,
        {{ age_on('summed.last_entry_date', 'pupils') }} as age_last_entry,
        summed.n_periods_of_care,
        summed.n_periods_not_short_break,
        summed.n_periods_of_care - 1 as n_re_entries,
        greatest(summed.n_periods_not_short_break - 1, 0)
            as n_re_entries_not_short_break,
        summed.care_days,
        summed.care_days_not_short_break,
        summed.care_days_in_covered_years,
        summed.n_placement_moves,
        summed.n_placement_moves_not_short_break,
        summed.n_returns_home,
        summed.n_returns_home_not_short_break,
        summed.is_adopted,
        releases.is_every_episode_shown
    from summed
    cross join releases
    inner join pupils on summed.pupil_id = pupils.pupil_id
)

select * from final
