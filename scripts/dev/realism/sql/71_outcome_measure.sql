-- The same figures on schooling from the warehouse, and how many pupils they rest on.
create or replace temp table outcome_measure (
    series varchar,
    category varchar,
    school_year integer,
    synthetic double,
    n bigint
);

insert into outcome_measure by name
with results as (
    select
        ks4.academic_year_end as school_year,
        coalesce(status.status, 'none') as status,
        ks4.level_2_english_maths,
        ks4.english_and_maths,
        ks4.level_2,
        ks4.attainment_8,
        ks4.gender_code,
        census.is_free_meals,
        census.sen_code,
        census.pupil_id is not null as is_state_school,
    from wh.intermediate.int_ks4_pupil as ks4
    left join outcome_status as status
        on ks4.pupil_id = status.pupil_id
        and ks4.academic_year_end = status.school_year
    left join wh.intermediate.int_census_pupil_year as census
        on ks4.pupil_id = census.pupil_id
        and ks4.academic_year_end = census.academic_year_end
),

result_groups as (
    select *, unnest(known_groups([
        'all',
        status,
        if(status in ('in need', 'on a plan'), 'in need or on a plan', null),
        if(status != 'none', 'in need, on a plan or looked after', null),
        if(status != 'looked after twelve months', 'not looked after twelve months', null),
        if(is_state_school, 'state schools', null),
        if(is_state_school and gender_code = 'F', 'girls', null),
        if(is_state_school and gender_code = 'M', 'boys', null),
        if(is_state_school and is_free_meals, 'free meals', null),
        if(is_state_school and not is_free_meals, 'no free meals', null),
        if(sen_code in ('A', 'P', 'K'), 'special needs without statement', null),
        if(sen_code in ('S', 'E'), 'statement or plan', null),
        if(sen_code = 'N', 'no special needs', null)
    ])) as category
    from results
),

absence as (
    select
        absent.academic_year_end as school_year,
        absent.year_group,
        coalesce(status.status, 'none') as status,
        absent.sessions_possible as possible,
        absent.sessions_unauthorised as unauthorised,
        absent.sessions_unauthorised + absent.sessions_authorised as overall,
        census.is_free_meals,
        census.sen_code,
    from wh.intermediate.int_absence_pupil_year as absent
    left join wh.intermediate.int_census_pupil_year as census
        on absent.pupil_id = census.pupil_id
        and absent.academic_year_end = census.academic_year_end
    left join outcome_status as status
        on absent.pupil_id = status.pupil_id
        and absent.academic_year_end = status.school_year
    where absent.sessions_possible > 0 and not absent.is_over_legal_maximum
),

absence_groups as (
    select *, unnest(known_groups([
        'all',
        'year ' || year_group::varchar,
        status,
        if(status in ('in need', 'on a plan'), 'in need or on a plan', null),
        if(year_group >= 7, 'all, secondary', null),
        if(year_group >= 7, status || ', secondary', null),
        if(year_group >= 7 and is_free_meals, 'free meals, secondary', null),
        if(year_group >= 7 and not is_free_meals, 'no free meals, secondary', null),
        if(year_group >= 7 and sen_code in ('S', 'E'), 'statement or plan, secondary', null),
        if(year_group >= 7 and sen_code in ('A', 'P', 'K'), 'support, secondary', null),
        if(year_group >= 7 and sen_code = 'N', 'no special needs, secondary', null)
    ])) as category
    from absence
),

suspensions as (
    select
        census.academic_year_end as school_year,
        coalesce(status.status, 'none') as status,
        census.year_group,
        coalesce(excluded.n_suspensions, 0) as n_suspensions,
        coalesce(excluded.n_permanent_exclusions, 0) as n_permanent,
    from wh.intermediate.int_census_pupil_year as census
    left join wh.intermediate.int_exclusion_pupil_year as excluded
        on census.pupil_id = excluded.pupil_id
        and census.academic_year_end = excluded.academic_year_end
    left join outcome_status as status
        on census.pupil_id = status.pupil_id
        and census.academic_year_end = status.school_year
    where census.academic_year_end >= 2007
),

suspension_groups as (
    select *, unnest(known_groups([
        'age ' || (year_group + 4)::varchar,
        status,
        if(year_group >= 7, 'all, secondary', null),
        if(year_group >= 7, status || ', secondary', null)
    ])) as category
    from suspensions
)

select
    category,
    school_year,
    unnest([
        figure(
            'level 2 with English and mathematics',
            percent_with(level_2_english_maths), count(level_2_english_maths)
        ),
        figure(
            'English and mathematics',
            percent_with(english_and_maths), count(english_and_maths)
        ),
        figure('level 2', percent_with(level_2), count(level_2)),
        figure('mean Attainment 8', avg(attainment_8), count(attainment_8))
    ], recursive := true)
from result_groups
group by category, school_year
union all
select
    category,
    school_year,
    unnest([
        figure('unauthorised absence', 100 * sum(unauthorised) / sum(possible), count(*)),
        figure('overall absence', 100 * sum(overall) / sum(possible), count(*)),
        figure('persistent absence', percent_with(overall >= 0.1 * possible), count(*))
    ], recursive := true)
from absence_groups
group by category, school_year
union all
select
    category,
    school_year,
    unnest([
        figure('suspended in the year', percent_with(n_suspensions > 0), count(*)),
        figure(
            'permanent exclusions per 100 pupils', 100 * sum(n_permanent) / count(*), count(*)
        )
    ], recursive := true)
from suspension_groups
group by category, school_year;
