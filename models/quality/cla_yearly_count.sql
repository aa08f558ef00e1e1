with cla as (
    select * from {{ ref('stg_cla') }}
),

episodes as (
    select * from {{ ref('care_episode') }}
    where not is_short_break
),

periods as (
    select * from {{ ref('period_of_care') }}
    where not is_short_break
),

person_years as (
    select
        *,
        {{ reporting_year_named('academic_year') }} as reporting_year
    from {{ ref('person_year') }}
    where in_cla
),

-- Only years of which the extract tells: an episode reaches back into years before it.
years as (
    select distinct reporting_year
    from cla
    where reporting_year is not null
),

-- Children without a pupil reference are in no mart, though published figures count
-- them.
rows_without_pupil as (
    select * from {{ ref('int_cla_row_without_pupil') }}
),

counted as (
    select
        'looked after on 31 March' as series,
        years.reporting_year,
        episodes.pupil_id
    from episodes
    inner join years
        on
            years.reporting_year
            >= {{ reporting_year_of('episodes.episode_start_date') }}
            -- An episode that ends on 31 March is over on that day; an open one ends,
            -- for durations, on the last 31 March on which it was seen.
            and years.reporting_year
            <= {{ reporting_year_of('episodes.episode_end_date') }}
            - case when episodes.is_censored then 0 else 1 end
    union all
    select
        'looked after on 31 March' as series,
        reporting_year,
        pupil_id
    from rows_without_pupil
    where is_looked_after_31_march and not is_short_break
    union all
    select
        'started to be looked after' as series,
        {{ reporting_year_of('period_start_date') }} as reporting_year,
        pupil_id
    from periods
    union all
    select
        'started to be looked after' as series,
        reporting_year,
        pupil_id
    from rows_without_pupil
    where is_start and not is_short_break
    union all
    select
        'ceased to be looked after' as series,
        {{ reporting_year_of('period_end_date') }} as reporting_year,
        pupil_id
    from periods
    where not is_censored
    union all
    select
        'ceased to be looked after' as series,
        reporting_year,
        pupil_id
    from rows_without_pupil
    where is_end and not is_short_break
    union all
    select
        'adopted from care' as series,
        {{ reporting_year_of('period_end_date') }} as reporting_year,
        pupil_id
    from periods
    where reason_ended_code in ('E11', 'E12') and not is_censored
    union all
    select
        'adopted from care' as series,
        reporting_year,
        pupil_id
    from rows_without_pupil
    where is_adoption
    union all
    select
        case
            when is_short_breaks_only then 'looked after under short breaks only'
            else 'looked after at any time in the year'
        end as series,
        reporting_year,
        pupil_id
    from person_years
    union all
    -- Where children cannot be told apart, those looked after at the end of the year
    -- and those who left in it are those of the year.
    select
        case
            when is_short_break then 'looked after under short breaks only'
            else 'looked after at any time in the year'
        end as series,
        reporting_year,
        pupil_id
    from rows_without_pupil
    where is_short_break or is_looked_after_31_march or is_end
),

final as (
    select
        counted.series,
        counted.reporting_year,
        count(distinct counted.pupil_id) as n_of_pupils,
        count(*) - count(counted.pupil_id) as n_rows_without_pupil
    from counted
    inner join years on counted.reporting_year = years.reporting_year
    group by counted.series, counted.reporting_year
)

select * from final
