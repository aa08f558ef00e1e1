-- The share of children with each experience before 18, at the rates of 2012/13 to
-- 2017/18: first times at each age divided by the years lived at that age, summed over
-- ages. Published shares of all children combine the cohorts of those years in this way.
create or replace temp table childhood_at_recent_rates as
with first_time as (
    select 'referred' as what, child_number, min(referral_date) as first_date
    from truth_referral
    group by child_number
    union all
    select 'in need', child_number, min(referral_date)
    from truth_referral
    where outcome = 'need'
    group by child_number
    union all
    select 'on a plan', child_number, min(plan_start_date)
    from truth_plan
    group by child_number
    union all
    select 'looked after', child_number, min(period_start_date)
    from truth_care_period
    where not is_short_break
    group by child_number
),

birthday as (
    select
        child_number,
        birth_date,
        unnest(range(0, 18))::integer as age,
        (birth_date + to_years(age))::date as age_from,
        (birth_date + to_years(age + 1))::date as age_to,
    from truth_person
),

lived as (
    select
        age,
        sum(greatest(
            0,
            least(date '2018-04-01', age_to) - greatest(date '2012-04-01', age_from)
        )) / 365.25 as years_lived,
    from birthday
    group by age
),

happened as (
    select
        first_time.what,
        date_sub(
            'year', truth_person.birth_date, first_time.first_date
        )::integer as age,
        count(*) as n_first_times,
    from first_time
    inner join truth_person on first_time.child_number = truth_person.child_number
    where first_time.first_date between date '2012-04-01' and date '2018-03-31'
    group by all
)

select
    happened.what,
    100 * sum(happened.n_first_times / lived.years_lived) as per_cent,
from happened
inner join lived on happened.age = lived.age
group by happened.what;
