-- The same figures from the warehouse, and how many pupils they rest on.
create or replace temp table outcome_measure as
with results as (
    select
        ks4.academic_year_end as school_year,
        coalesce(status.status, 'none') as status,
        ks4.level_2_english_maths,
        ks4.attainment_8,
    from wh.intermediate.int_ks4_pupil as ks4
    left join outcome_status as status
        on ks4.pupil_id = status.pupil_id
        and ks4.academic_year_end = status.school_year
),

result_groups as (
    select *, unnest(
        if(
            status in ('in need', 'on a plan'),
            [status, 'all', 'in need or on a plan'],
            [status, 'all']
        )
    ) as category
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
    from wh.intermediate.int_absence_pupil_year as absent
    left join outcome_status as status
        on absent.pupil_id = status.pupil_id
        and absent.academic_year_end = status.school_year
    where absent.sessions_possible > 0 and not absent.is_over_legal_maximum
),

absence_groups as (
    select *, unnest(list_filter(
        [
            'all',
            'year ' || year_group::varchar,
            if(year_group >= 7, status || ', secondary', null)
        ],
        lambda category: category is not null
    )) as category
    from absence
),

suspensions as (
    select
        census.academic_year_end as school_year,
        coalesce(status.status, 'none') as status,
        census.year_group,
        coalesce(excluded.n_suspensions, 0) > 0 as is_suspended,
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
    select *, unnest(list_filter(
        ['age ' || (year_group + 4)::varchar, status],
        lambda category: category is not null
    )) as category
    from suspensions
),

offending as (
    select *, unnest(list_filter(
        [
            'all',
            if(is_ever_in_need, 'ever in need', 'never in need'),
            if(is_ever_looked_after, 'ever looked after', null),
            if(coalesce(is_ever_suspended, false), 'ever suspended', 'never suspended'),
            if(is_offender, 'offenders', null)
        ],
        lambda category: category is not null
    )) as category
    from offending_cohort
),

first_ages as (
    select 'age ' || first_offence_age::varchar as category, count(*) as n
    from offending_cohort
    where first_offence_age between 10 and 18
    group by all
),

first_violence as (
    select pupil_id, min(first_offence_date) as violence_date
    from wh.intermediate.int_offence_occasion
    where offence_group_code in ('01', '03') and outcome = 'conviction'
    group by pupil_id
),

orders as (
    select needed.need_date < first_violence.violence_date as is_need_first
    from first_violence
    inner join offending_cohort as cohort on first_violence.pupil_id = cohort.pupil_id
    inner join (
        select pupil_id, min(referral_date) as need_date
        from wh.intermediate.int_cin_referral
        where coalesce(not is_referral_nfa, true)
        group by pupil_id
    ) as needed on first_violence.pupil_id = needed.pupil_id
)

select
    'level 2 with English and mathematics' as series,
    category,
    school_year,
    100 * avg(level_2_english_maths::integer) as synthetic,
    count(level_2_english_maths) as n,
from result_groups
group by all
union all
select 'mean Attainment 8', category, school_year, avg(attainment_8), count(attainment_8)
from result_groups
group by all
union all
select
    'unauthorised absence', category, school_year,
    100 * sum(unauthorised) / sum(possible), count(*)
from absence_groups
group by all
union all
select
    'overall absence', category, school_year,
    100 * sum(overall) / sum(possible), count(*)
from absence_groups
group by all
union all
select
    'persistent absence', category, school_year,
    100 * avg((overall >= 0.1 * possible)::integer), count(*)
from absence_groups
group by all
union all
select
    'suspended in the year', category, school_year,
    100 * avg(is_suspended::integer), count(*)
from suspension_groups
group by all
union all
select
    'cautioned or convicted at 10 to 17', category, null,
    100 * avg(is_offender::integer), count(*)
from offending
group by all
union all
select 'ever suspended', category, null,
    100 * avg(coalesce(is_ever_suspended, false)::integer), count(*)
from offending
group by all
union all
select 'ever excluded for good', category, null,
    100 * avg(is_permanently_excluded::integer), count(is_permanently_excluded)
from offending
group by all
union all
select 'ever in need', category, null, 100 * avg(is_ever_in_need::integer), count(*)
from offending
group by all
union all
select 'ever free meals', category, null, 100 * avg(is_ever_fsm::integer), count(*)
from offending
group by all
union all
select
    'age at first offence', category, null,
    100 * n / sum(n) over (), sum(n) over ()
from first_ages
union all
select
    'in need before first violence', 'those with both', null,
    100 * avg(is_need_first::integer), count(*)
from orders;
