-- How often, how long and why pupils were suspended or excluded.
insert into outcome_measure by name
select
    'all, in a census' as category,
    census.academic_year_end as school_year,
    unnest([
        figure(
            'suspensions per 100 pupils',
            100 * sum(coalesce(excluded.n_suspensions, 0)) / count(*), count(*)
        ),
        figure(
            'suspended in the year',
            percent_with(coalesce(excluded.n_suspensions, 0) > 0), count(*)
        ),
        figure(
            'permanent exclusions per 100 pupils',
            100 * sum(coalesce(excluded.n_permanent_exclusions, 0)) / count(*), count(*)
        )
    ], recursive := true)
from wh.intermediate.int_census_pupil_year as census
left join wh.intermediate.int_exclusion_pupil_year as excluded
    on census.pupil_id = excluded.pupil_id
    and census.academic_year_end = excluded.academic_year_end
where census.academic_year_end >= 2007
group by census.academic_year_end;

create or replace temp table suspension as
select
    excluded.pupil_id,
    excluded.academic_year_end as school_year,
    excluded.category_group,
    excluded.reason_code,
    if(excluded.category_group = 'fixed period', (excluded.sessions + 1) // 2, null) as days,
from wh.intermediate.int_exclusion as excluded
inner join wh.intermediate.int_census_pupil_year as census
    on excluded.pupil_id = census.pupil_id
    and excluded.academic_year_end = census.academic_year_end
where census.year_group >= 7
    and excluded.category_group in ('fixed period', 'permanent');

insert into outcome_measure
with pupils as (
    select
        school_year,
        count(*) as n_suspensions,
        sum(days) as n_days,
    from suspension
    where category_group = 'fixed period'
    group by pupil_id, school_year
),

counted as (
    select
        'suspensions of a pupil in the year' as series,
        if(n_suspensions > 10, 'more than 10', n_suspensions::varchar) as category,
        school_year,
    from pupils
    union all
    select
        'days suspended in the year',
        if(n_days > 20, 'more than 20', n_days::varchar),
        school_year,
    from pupils
    where n_days is not null
    union all
    select
        'days of a suspension',
        if(days > 10, 'more than 10', days::varchar),
        school_year,
    from suspension
    where days is not null
    union all
    select
        if(
            category_group = 'permanent',
            'reason of a permanent exclusion',
            'reason of a suspension'
        ),
        reason_code,
        school_year,
    from suspension
    where reason_code is not null
)

select
    series,
    category,
    school_year,
    100 * count(*) / sum(count(*)) over same_series,
    sum(count(*)) over same_series
from counted
group by series, category, school_year
window same_series as (partition by series, school_year);
