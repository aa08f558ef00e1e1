-- Which rows get which fault, one row each. None with --clean.
create or replace temp table death as
with deaths as (
    select child_number, period_end_date as death_date
    from period
    where end_reason = 'E2'
    union all
    select child_number, closure_date
    from referral
    where closure_reason = 'RC2'
)

select child_number, min(death_date) as death_date
from deaths
group by child_number;

create or replace table outcome_dirty as
with rows_of_all as (
    select 'absence' as dataset, row_id, child_number, school_year from absence_row
    union all
    select 'exclusion', row_id, child_number, school_year from exclusion_row
    union all
    select 'exclusion_early', row_id, child_number, school_year from early_exclusion_row
    union all
    select 'exclusion_single', row_id, child_number, school_year
    from single_exclusion_row
    union all
    select 'exclusion_permanent', row_id, child_number, school_year
    from single_exclusion_row
    where category = 'PERM'
    union all
    select 'census', row_id, child_number, school_year from census_row
    union all
    select 'ks4', row_id, child_number, school_year from ks4_row
    where years_early = 0
    union all
    select 'offence', row_id, child_number, year(offence_date) from offence_row
    union all
    select 'offence_caution', row_id, child_number, year(offence_date)
    from offence_row
    where outcome = 'caution'
    union all
    select 'offence_of_dead', row_id, child_number, year(offence_date)
    from offence_row
    semi join death on offence_row.child_number = death.child_number
)

select
    rows_of_all.dataset,
    rows_of_all.row_id,
    rows_of_all.child_number,
    rows_of_all.school_year,
    outcome_dirt.kind,
    outcome_dirt.effect,
from rows_of_all
inner join outcome_dirt on rows_of_all.dataset = outcome_dirt.dataset
where not getvariable('clean')
    and draw(rows_of_all.row_id, outcome_dirt.kind, 7) < outcome_dirt.rate
    -- The authorities of before April 2009 are not listed row by row.
    and outcome_dirt.rate < 1;

create or replace table faults as
select dataset, row_id, list(kind order by kind) as kinds
from outcome_dirty
group by dataset, row_id;

create or replace macro faulty(kinds, kind) as (
    coalesce(list_contains(kinds, kind), false)
);

-- The rows of a dataset with their faults; those that add a row come again.
create or replace view truth_outcome_dirty_row as
select
    outcome_dirty.dataset,
    identifier.pupil_id,
    outcome_dirty.child_number,
    outcome_dirty.school_year,
    outcome_dirty.kind,
    outcome_dirty.effect,
from outcome_dirty
inner join identifier on outcome_dirty.child_number = identifier.child_number
order by all;
