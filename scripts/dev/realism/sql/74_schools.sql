-- Absence by kind of school. Published figures of kinds of school count enrolments, not
-- pupils, so these come from the rows as delivered.
insert into outcome_measure
with enrolments as (
    select
        absent.academic_year_end as school_year,
        absent.phase_code,
        absent.year_group,
        coalesce(status.status, 'none') as status,
        absent.delivered_possible as possible,
        absent.delivered_unauthorised as unauthorised,
        absent.delivered_unauthorised + absent.delivered_authorised as overall,
        absent.delivered_possible + coalesce(absent.sessions_possible_summer_6th, 0)
            as possible_in_six,
        absent.delivered_unauthorised + coalesce(absent.sessions_unauthorised_summer_6th, 0)
            as unauthorised_in_six,
    from wh.intermediate.int_absence_row as absent
    left join outcome_status as status
        on absent.pupil_id = status.pupil_id
        and absent.academic_year_end = status.school_year
    where absent.delivered_possible > 0
),

grouped as (
    select *, unnest(list_filter(
        [
            if(phase_code = 'SP', 'special schools', null),
            if(phase_code = 'SP', status || ', special schools', null),
            if(phase_code = 'PR', status || ', referral units', null),
            if(phase_code != 'PR', status || ', without referral units', null),
            if(phase_code = 'SS', 'secondary schools', null),
            if(phase_code = 'SS', status || ', secondary schools', null),
            'enrolments in year ' || year_group::varchar,
            if(status in ('in need', 'on a plan'), 'in need or on a plan, all schools', null)
        ],
        lambda category: category is not null
    )) as category
    from enrolments
)

select
    'unauthorised absence', category, school_year,
    100 * sum(unauthorised) / sum(possible), count(*)
from grouped
group by all
union all
select
    'overall absence', category, school_year,
    100 * sum(overall) / sum(possible), count(*)
from grouped
group by all
union all
select
    'persistent absence', category, school_year,
    100 * avg((overall >= 0.1 * possible)::integer), count(*)
from grouped
group by all
union all
-- The rule of 2010/11 to 2014/15.
select
    'persistent absence of 15 per cent', category, school_year,
    100 * avg((overall >= 0.15 * possible)::integer), count(*)
from grouped
group by all
union all
select
    'mean possible sessions', category, school_year, avg(possible_in_six), count(*)
from grouped
group by all
union all
select
    'mean unauthorised sessions', category, school_year, avg(unauthorised_in_six), count(*)
from grouped
group by all;
