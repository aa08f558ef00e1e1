-- The years of each extract, with the first and last day that it covers.
create or replace table extract_year as
select
    dataset,
    reporting_year,
    greatest(make_date(reporting_year - 1, 4, 1), first_day) as first_day,
    make_date(reporting_year, 3, 31) as last_day,
    (reporting_year - 1)::varchar || '/' || reporting_year::varchar as academic_year,
from extract
cross join (select unnest(range(1990, 2030))::integer as reporting_year) as years
where reporting_year
    between reporting_year_of(first_day) and reporting_year_of(last_day);

-- Nothing begins after the last day that any extract covers.
set variable last_day = (select max(last_day) from extract);

create or replace table la_range as
select
    la_code,
    la_code_until_2009,
    -- So that the factors move the chances about and leave their mean as it is.
    referral_factor * sum(weight) over () / sum(weight * referral_factor) over ()
        as referral_factor,
    care_factor * sum(weight) over () / sum(weight * care_factor) over ()
        as care_factor,
    plan_factor * sum(weight) over () / sum(weight * plan_factor) over ()
        as plan_factor,
    (sum(weight) over (order by la_code) - weight) / sum(weight) over () as u_from,
    sum(weight) over (order by la_code) / sum(weight) over () as u_to,
from local_authority;

-- Authorities that others replaced after 2018, and which part of the children each later
-- one has. A year is one that ends in March or in August.
create or replace table later_range as
select
    la_code,
    later_code,
    later_nine_code,
    first_year,
    sum(share) over by_code - share as u_from,
    sum(share) over by_code as u_to,
from later_authority
where first_year <= getvariable('until')
window by_code as (partition by la_code order by later_code);

-- A short ladder for the many children: one lookup each in place of 150 comparisons.
create or replace table la_bucket as
select
    bucket,
    la_range.la_code,
    la_range.referral_factor,
    la_range.care_factor,
    la_range.plan_factor,
from (select unnest(range(10000))::integer as bucket) as buckets
inner join la_range
    on falls_in((buckets.bucket + 0.5) / 10000, la_range.u_from, la_range.u_to);

create or replace table cohort_range as
with weights as (
    select
        true as is_pupil,
        * exclude (pupil_weight, other_weight, uk_births, source),
        pupil_weight as weight,
    from birth_cohort
    union all by name
    select
        false as is_pupil,
        * exclude (pupil_weight, other_weight, uk_births, source),
        other_weight as weight,
    from birth_cohort
)

select
    is_pupil,
    make_date(cohort_start_year, 9, 1) as cohort_start_date,
    first_month,
    last_month + 1 - first_month as n_months,
    (sum(weight) over by_cohort - weight) / sum(weight) over alike as u_from,
    sum(weight) over by_cohort / sum(weight) over alike as u_to,
from weights
where weight > 0
window
    alike as (partition by is_pupil),
    by_cohort as (partition by is_pupil order by cohort_start_year);

create or replace table ethnic_range as
select
    code,
    -- So that the factors move the chances about and leave their mean as it is.
    referral_factor / (sum(share * referral_factor) over () / sum(share) over ())
        as referral_factor,
    care_factor,
    unaccompanied_factor,
    (sum(share) over (order by code) - share) / sum(share) over () as u_from,
    sum(share) over (order by code) / sum(share) over () as u_to,
from ethnic_group;

create or replace table age_range as
select
    age,
    care_share,
    plan_factor,
    age_band_of(age) as age_band,
    (sum(first_referral_weight) over (order by age) - first_referral_weight)
    / sum(first_referral_weight) over () as u_from,
    if(age = 17, 1, sum(first_referral_weight) over (order by age)
    / sum(first_referral_weight) over ()) as u_to,
from age;

-- Children who never get a pupil reference: their rows are in the extracts, with a
-- blank.
set variable other_children = (
    select round(getvariable('pupils') * sum(other_weight) / sum(pupil_weight))::bigint
    from birth_cohort
);

-- The authority that a child moved to, where a row comes again from a second one.
create or replace table neighbour as
select
    la_code,
    lead(la_code, 1, '202') over (order by la_code) as next_code,
from (
    select la_code from la_range
    union
    select la_code_until_2009 from la_range where la_code_until_2009 is not null
    union
    select later_code from later_range
);
