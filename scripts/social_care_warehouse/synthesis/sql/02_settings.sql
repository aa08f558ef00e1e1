-- Weights become stretches of the line from 0 to 1, so that a draw falls into exactly one.
set variable scalar = (select map(list(name), list(value::double)) from scalar);

create or replace table choice_range as
with summed as (
    select
        what,
        stratum,
        code,
        sum(weight) over (
            partition by what, stratum
            order by line
        ) as weight_to,
        weight,
        sum(weight) over (partition by what, stratum) as weight_all,
        line,
        max(line) over (partition by what, stratum) as last_line,
    from (select *, row_number() over () as line from choice) as choice
)

select
    what,
    stratum,
    code,
    (weight_to - weight) / weight_all as u_from,
    if(line = last_line, 2, weight_to / weight_all) as u_to,
from summed;

create or replace table duration_range as
select
    what,
    lag(cumulative_share) over by_share as u_from,
    cumulative_share as u_to,
    lag(days) over by_share as days_from,
    days as days_to,
from duration
window by_share as (partition by what order by cumulative_share)
qualify lag(days) over by_share is not null;

-- Years in which each extract speaks, with the first and last day of what it covers.
create or replace table extract_year as
select
    dataset,
    reporting_year,
    greatest(make_date(reporting_year - 1, 4, 1), first_day) as first_day,
    make_date(reporting_year, 3, 31) as last_day,
    (reporting_year - 1)::varchar || '/' || reporting_year::varchar as academic_year,
from extract
cross join (select unnest(range(1990, 2030))::integer as reporting_year) as years
where reporting_year between reporting_year_of(first_day) and reporting_year_of(last_day);

-- Nothing begins after the last day that any extract covers.
set variable last_day = (select max(last_day) from extract);

create or replace table la_range as
select
    la_code,
    la_code_until_2009,
    (sum(weight) over (order by la_code) - weight) / sum(weight) over () as u_from,
    sum(weight) over (order by la_code) / sum(weight) over () as u_to,
from local_authority;

-- A short ladder for the many children: one lookup each in place of 150 comparisons.
create or replace table la_bucket as
select
    bucket,
    la_range.la_code,
from (select unnest(range(10000))::integer as bucket) as buckets
inner join la_range
    on (buckets.bucket + 0.5) / 10000 >= la_range.u_from
    and (buckets.bucket + 0.5) / 10000 < la_range.u_to;

create or replace table cohort_range as
with weights as (
    select true as is_pupil, cohort_start_year, pupil_weight as weight from birth_cohort
    union all
    select false, cohort_start_year, other_weight from birth_cohort
)

select
    is_pupil,
    cohort_start_year,
    (sum(weight) over by_cohort - weight) / sum(weight) over (partition by is_pupil) as u_from,
    sum(weight) over by_cohort / sum(weight) over (partition by is_pupil) as u_to,
from weights
where weight > 0
window by_cohort as (partition by is_pupil order by cohort_start_year);

create or replace table ethnic_range as
select
    code,
    referral_factor / sum(share * referral_factor) over () * sum(share) over () as referral_factor,
    care_factor,
    (sum(share) over (order by code) - share) / sum(share) over () as u_from,
    sum(share) over (order by code) / sum(share) over () as u_to,
from ethnic_group;

create or replace table age_range as
select
    age,
    care_share,
    plan_factor,
    (sum(first_referral_weight) over (order by age) - first_referral_weight)
    / sum(first_referral_weight) over () as u_from,
    if(age = 17, 1, sum(first_referral_weight) over (order by age)
    / sum(first_referral_weight) over ()) as u_to,
from age;

-- Children who never get a pupil reference: their rows are in the extracts, with a blank.
set variable other_children = (
    select round(getvariable('pupils') * sum(other_weight) / sum(pupil_weight))::bigint
    from birth_cohort
);

-- Years in which a column is filled; a column that is not listed is filled in all of them.
set variable column_years = (
    select map(list(column_name), list(filled))
    from (
        select column_name, flatten(list(range(first_year, last_year + 1))) as filled
        from column_years
        group by column_name
    )
);

set variable dirt = (select map(list(dataset || ' ' || kind), list(rate::double)) from dirt);

-- In which of its written forms a row comes: each unusual form with its rate, and the usual one else.
insert into choice_range
with forms as (
    select
        split_part(kind, '_', 1) as thing,
        kind,
        rate,
        sum(rate) over (partition by split_part(kind, '_', 1) order by kind) as u_to,
    from dirt
    where dataset = 'both'
)

select 'form', thing, kind, u_to - rate, u_to
from forms
union all
select 'form', thing, 'usual', max(u_to), 2
from forms
group by thing;

-- The authority that a child moved to, where a row comes again from a second one.
create or replace table neighbour as
select
    la_code,
    lead(la_code, 1, '202') over (order by la_code) as next_code,
from (
    select la_code from la_range
    union
    select la_code_until_2009 from la_range where la_code_until_2009 is not null
);
