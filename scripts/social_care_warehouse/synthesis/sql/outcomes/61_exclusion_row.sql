-- The rows of the exclusion files: up to 2004/05 one row per exclusion, and permanent
-- ones only; then one row per pupil and year with the exclusions side by side. Fixed
-- periods are known from 2005/06 in secondary schools, from 2006/07 in all.
create or replace table exclusion_known as
select
    event.*,
    pupil_year.nc_year,
    pupil_year.sen_code,
from exclusion_event as event
inner join pupil_year
    on event.child_number = pupil_year.child_number
    and event.school_year = pupil_year.school_year
where event.school_year >= getvariable('exclusion_first_year')
    and (
        event.category = 'PERM'
        or event.school_year > 2006
        or (event.school_year = 2006 and pupil_year.year_group >= 7)
    );

create or replace table early_exclusion_row as
select
    known.child_number,
    known.school_year,
    known.event_number,
    hash(known.child_number, known.school_year, known.event_number) >> 2 as row_id,
    known.start_date,
    trait.gender,
from exclusion_known as known
inner join pupil_trait as trait on known.child_number = trait.child_number
where known.school_year <= 2005;

create or replace table exclusion_row as
select
    child_number,
    school_year,
    hash(child_number, school_year, 'exclusions') >> 2 as row_id,
    count(*) filter (where category = 'FIXD')::integer as n_fixed,
    coalesce(sum(sessions) filter (where category = 'FIXD'), 0)::integer
        as fixed_sessions,
    count(*) filter (where category = 'PERM')::integer as n_permanent,
    list(category order by event_number) as categories,
    list(reason order by event_number) as reasons,
    list(start_date order by event_number) as start_dates,
    list(sessions order by event_number) as sessions,
    list(term order by event_number) as terms,
    any_value(nc_year) as nc_year,
    any_value(sen_code) as sen_code,
from exclusion_known
where school_year >= 2006
group by child_number, school_year;

-- In some years the table of single exclusions comes as well: table 1.
create or replace table single_exclusion_row as
select
    known.*,
    hash(known.child_number, known.school_year, known.event_number, 'single') >> 2
        as row_id,
    pupil_year.school_la_code,
    pupil_year.school_number,
    pupil_year.enrolment_kind,
from exclusion_known as known
inner join pupil_year
    on known.child_number = pupil_year.child_number
    and known.school_year = pupil_year.school_year
where exists (
    select true
    from outcome_file
    where outcome_file.file = 'exclusion_single'
        and known.school_year
        between outcome_file.first_year and outcome_file.last_year
);
