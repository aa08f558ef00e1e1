-- One row per child who is ever referred, with the day of the first referral.
create or replace table due as
with referred as (
    select
        child_number,
        birth_date,
        adult_date,
        draw(child_number, 'age at first referral', 0) as u,
    from child
    where draw(child_number, 'ever referred', 0)
        < setting('ever_referred_share') * referral_factor
),

-- In the first year most referrals come at or soon after birth.
aged as (
    select
        referred.*,
        age_range.age,
        pow(
            (referred.u - age_range.u_from) / (age_range.u_to - age_range.u_from),
            if(age_range.age = 0, 3, 1)
        ) as part_of_year,
    from referred
    inner join age_range
        on falls_in(referred.u, age_range.u_from, age_range.u_to)
),

dated as (
    select
        child_number,
        (birth_date + floor(365.25 * (age + part_of_year))::integer)::date
            as referral_date,
        adult_date,
    from aged
)

select
    child_number,
    referral_date,
    0 as plans_before,
    0 as care_before,
from dated
where referral_date < adult_date
    and referral_date <= getvariable('last_day');

create or replace table referral (
    child_number bigint,
    referral_number integer,
    referral_date date,
    outcome varchar,
    closure_date date,
    closure_reason varchar,
    primary_need varchar,
    referral_source varchar
);

create or replace table plan (
    child_number bigint,
    referral_number integer,
    plan_number integer,
    plan_start_date date,
    plan_end_date date,
    initial_abuse varchar,
    latest_abuse varchar
);

create or replace table care_period (
    child_number bigint,
    referral_number integer,
    care_number integer,
    period_start_date date,
    period_end_date date,
    route varchar,
    end_reason varchar,
    care_need varchar
);
