-- Absence by kind of school. Published figures of kinds of school count enrolments, not
-- pupils, so these come from the rows as delivered.
insert into outcome_measure by name
with enrolments as (
    select
        absent.academic_year_end as school_year,
        absent.phase_code,
        absent.year_group,
        coalesce(status.status, 'none') as status,
        -- The kind of school is delivered from 2013/14 on.
        coalesce(
            absent.phase_code = 'SS',
            absent.year_group between 7 and 11
            and coalesce(absent.sessions_possible_annual, 0) = 0
        ) as is_secondary_school,
        absent.delivered_possible as possible,
        absent.delivered_unauthorised as unauthorised,
        absent.delivered_unauthorised + absent.delivered_authorised as overall,
        absent.delivered_possible + coalesce(absent.sessions_possible_summer_6th, 0)
            as possible_in_six,
        absent.delivered_unauthorised + coalesce(absent.sessions_unauthorised_summer_6th, 0)
            as unauthorised_in_six,
        overall
        + coalesce(absent.sessions_unauthorised_summer_6th, 0)
        + coalesce(absent.sessions_authorised_summer_6th, 0) as overall_in_six,
        coalesce(absent.sessions_unauthorised_autumn, 0)
        + coalesce(absent.sessions_unauthorised_spring, 0)
        + coalesce(absent.sessions_authorised_autumn, 0)
        + coalesce(absent.sessions_authorised_spring, 0) as overall_in_four,
        coalesce(absent.sessions_possible_annual, 0) > 0 as is_annual_return,
    from wh.intermediate.int_absence_row as absent
    left join outcome_status as status
        on absent.pupil_id = status.pupil_id
        and absent.academic_year_end = status.school_year
    where absent.delivered_possible > 0
),

grouped as (
    select *, unnest(known_groups([
        if(phase_code = 'SP', 'special schools', null),
        if(phase_code = 'SP', status || ', special schools', null),
        if(phase_code = 'PR', status || ', referral units', null),
        if(phase_code != 'PR', status || ', without referral units', null),
        if(is_secondary_school, 'secondary schools', null),
        if(is_secondary_school, status || ', secondary schools', null),
        'enrolments in year ' || year_group::varchar,
        if(status in ('in need', 'on a plan'), 'in need or on a plan, all schools', null)
    ])) as category
    from enrolments
)

select
    category,
    school_year,
    unnest([
        figure('unauthorised absence', 100 * sum(unauthorised) / sum(possible), count(*)),
        figure('overall absence', 100 * sum(overall) / sum(possible), count(*)),
        figure('persistent absence', percent_with(overall >= 0.1 * possible), count(*)),
        figure('mean possible sessions', avg(possible_in_six), count(*)),
        figure('mean unauthorised sessions', avg(unauthorised_in_six), count(*))
    ], recursive := true)
from grouped
group by category, school_year
union all
-- The rule of 2010/11 to 2014/15 was a fixed number of sessions, about 15 per cent: 38 in
-- four half-terms, 46 in five (of which special schools make an annual return) and 56 in
-- six. The figures of 2012/13 are of four half-terms, those of 2014/15 of six.
select
    category, school_year, 'persistent absence of 15 per cent',
    percent_with(
        case
            when is_annual_return then overall >= 46
            when school_year < 2014 then overall_in_four >= 38
            else overall_in_six >= 56
        end
    ), count(*)
from grouped
where school_year between 2011 and 2015
group by category, school_year;
