-- Sums over the years of schooling that are observed. The year group is that of the
-- school; where no record of the year gives one, it is that of the age.
create or replace temp table observed_year as
with placed as (
    select
        pupil_year.*,
        census_row.child_number is not null or ap_row.child_number is not null
            as in_census,
        coalesce(
            if(census_row.child_number is null, null, pupil_year.nc_year),
            absent.nc_year,
            if(pupil_year.school_year >= 2010, exclusion_row.nc_year, null)
        ) as recorded_nc_year,
        absent.possible,
        absent.unauthorised,
        exclusion_row.child_number is not null as in_exclusions,
        exclusion_row.n_fixed,
        exclusion_row.fixed_sessions,
        early.n_permanent as n_permanent_early,
        exclusion_row.n_permanent,
    from pupil_year
    left join census_row
        on pupil_year.child_number = census_row.child_number
        and pupil_year.school_year = census_row.school_year
    left join ap_row
        on pupil_year.child_number = ap_row.child_number
        and pupil_year.school_year = ap_row.school_year
    left join (
        select
            child_number,
            school_year,
            any_value(nc_year) as nc_year,
            sum(possible_autumn + possible_spring + possible_summer)::integer
                as possible,
            sum(unauthorised_autumn + unauthorised_spring + unauthorised_summer)::integer
                as unauthorised,
        from absence_row
        group by child_number, school_year
    ) as absent
        on pupil_year.child_number = absent.child_number
        and pupil_year.school_year = absent.school_year
    left join exclusion_row
        on pupil_year.child_number = exclusion_row.child_number
        and pupil_year.school_year = exclusion_row.school_year
    left join (
        select child_number, school_year, count(*)::integer as n_permanent
        from early_exclusion_row
        group by child_number, school_year
    ) as early
        on pupil_year.child_number = early.child_number
        and pupil_year.school_year = early.school_year
)

select
    *,
    if(
        coalesce(recorded_nc_year, 'X') = 'X',
        age_at_start - 4,
        year_group
    ) between 7 and 11 as is_secondary,
    -- Suspensions are known from 2005/06, permanent exclusions in all years.
    case
        when school_year < 2006 then null
        when in_exclusions then n_fixed
        when in_census then 0
    end as n_suspensions_seen,
    case
        when school_year < 2006 then null
        when in_exclusions then fixed_sessions
        when in_census then 0
    end as suspension_sessions_seen,
    coalesce(n_permanent, n_permanent_early, if(in_census, 0, null))
        as n_permanent_seen,
from placed;

create or replace temp table schooling_truth as
select
    child_number,
    count(possible) filter (where is_secondary)::integer as n_secondary_years_observed,
    (sum(possible) filter (where is_secondary))::integer as sessions_possible_secondary,
    (sum(unauthorised) filter (where is_secondary))::integer
        as unauthorised_sessions_secondary,
    count(n_suspensions_seen) filter (where is_secondary)::integer
        as n_secondary_years_suspensions_observed,
    (sum(n_suspensions_seen) filter (where is_secondary))::integer
        as n_suspensions_secondary,
    (sum(suspension_sessions_seen) filter (where is_secondary))::integer
        as suspension_sessions_secondary,
    sum(n_permanent_seen)::integer as n_permanent_exclusions,
from observed_year
group by child_number;

create or replace temp table permanent_truth as
select child_number, min(start_date) as first_permanent_exclusion_date
from exclusion_known
where category = 'PERM'
group by child_number;

-- The census in which the pupil is 15, or the nearest earlier one. Up to 2004/05 the
-- authority is that of the school.
create or replace temp table home_truth as
with rows_of_all as (
    select
        child_number, school_year, is_free_meals, sen_code,
        if(school_year < 2006, school_la_code, home_la_code) as la_code,
        area_rank_of(area_share, school_year) as area_rank,
        if(
            school_year between 2017 and 2020,
            1 + floor(10 * area_share),
            null
        )::integer as area_decile,
    from census_row
    union all by name
    select child_number, school_year, is_free_meals, sen_code, la_code
    from ap_row
),

aged as (
    select
        rows_of_all.*,
        age_on(trait.birth_month, make_date(rows_of_all.school_year, 1, 1)) as age,
    from rows_of_all
    inner join pupil_trait as trait
        on rows_of_all.child_number = trait.child_number
)

select
    child_number,
    max(age) filter (where age <= 15)::integer as age_in_census_at_15,
    max_by(la_code, school_year) filter (where age <= 15) as home_la_at_15,
    max_by(sen_code, school_year) filter (where age <= 15) as sen_at_15,
    max(school_year) filter (where age <= 15 and area_rank is not null)
        as area_school_year,
    max_by(area_rank, school_year) filter (where age <= 15 and area_rank is not null)
        as area_rank,
    max_by(area_decile, school_year) filter (
        where age <= 15 and area_rank is not null and area_decile is not null
    ) as area_decile_seen,
    max(school_year) filter (where age <= 15 and area_decile is not null)
        as area_decile_year,
    bool_or(is_free_meals) as is_ever_fsm,
from aged
group by child_number;

insert into area_count
select school_year, area_rank_of(area_share, school_year), count(*)
from census_row
group by all;

insert into points_count
select
    school_year,
    if(school_year <= 2016, points_capped, attainment_8),
    count(*)
from ks4_result
group by all;
