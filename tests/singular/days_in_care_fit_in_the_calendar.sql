{{ config(tags=['logic']) }}
-- A day counts once: nobody was in care on more days than lie between the start of the
-- first period of care and the end of the last, and the days of the periods are all the
-- days there are.
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
        care_days_observed
    from {{ ref('person_highest_intervention') }}
    where in_cla
),

placed as (
    select
        pupil_id,
        placement_group,
        placement_days
    from {{ ref('person_placement') }}
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
select 'more days in one kind of placement than in care' as breach
from placed
inner join persons on placed.pupil_id = persons.pupil_id
where placed.placement_days > persons.care_days_observed
