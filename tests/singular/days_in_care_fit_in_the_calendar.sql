-- Each day in care counts once. Nobody has more days than lie between the start of the
-- first period of care and the end of the last, more days than the extract covers, or a
-- day after the extract ends. The days of a person are the days of that person's
-- periods.
with periods as (
    select
        pupil_id,
        min(period_start_date) as first_day,
        max(period_end_date) as last_day,
        sum(period_days) as period_days
    from {{ ref('period_of_care') }}
    group by pupil_id
),

persons as (
    select
        pupil_id,
        care_days_observed,
        care_days_not_short_break
    from {{ ref('person_highest_intervention') }}
    where in_cla
),

histories as (
    select * from {{ ref('person_care_history') }}
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

-- An end is not checked in a row whose year cannot be read.
of_unknown_year as (
    select distinct pupil_id
    from {{ ref('care_episode') }}
    where last_seen_year is null
),

placed as (
    select
        pupil_id,
        sum(placement_days) as placement_days
    from {{ ref('person_placement') }}
    group by pupil_id
)

select 'more days than the calendar has' as breach
from persons
inner join periods on persons.pupil_id = periods.pupil_id
where
    persons.care_days_observed
    > {{ days_between('periods.first_day', 'periods.last_day') }}
union all
select 'days of the person are not the days of the periods' as breach
from persons
left join periods on persons.pupil_id = periods.pupil_id
where persons.care_days_observed <> coalesce(periods.period_days, 0)
union all
select 'more days than the extract covers' as breach
from histories
cross join releases
where
    histories.care_days_in_covered_years
    > {{ days_between('releases.first_covered_date', 'releases.last_covered_date') }}
union all
select 'a day after the last that the extract covers' as breach
from periods
cross join releases
where
    periods.last_day > releases.last_covered_date
    and periods.pupil_id not in (select of_unknown_year.pupil_id from of_unknown_year)
union all
select 'days of the history are not the days of the person' as breach
from histories
inner join persons on histories.pupil_id = persons.pupil_id
where
    histories.care_days <> persons.care_days_observed
    or histories.care_days_not_short_break <> persons.care_days_not_short_break
union all
select 'more than 19 years in care' as breach
from persons
where care_days_observed > 19 * 365.25
union all
select 'more days in placements than in care' as breach
from placed
inner join persons on placed.pupil_id = persons.pupil_id
where placed.placement_days > persons.care_days_observed
