-- One row per child who is ever referred, with the day of the first referral.
create or replace table due as
with referred as (
    select
        child_number,
        birth_date,
        adult_date,
        draw(child_number, 'age at first referral', 0) as u,
        draw(child_number, 'ever referred', 0)
        / (setting('ever_referred_share') * referral_factor * la_referral_factor)
            as u_referred,
    from child
    -- No year doubles the chance, so more need not be looked at.
    where u_referred < 2
),

-- In the first year most referrals come at or soon after birth.
aged as (
    select
        referred.*,
        age_range.age,
        pow(
            (referred.u - age_range.u_from) / (age_range.u_to - age_range.u_from),
            if(age_range.age = 0, 6, 1)
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
        u_referred,
    from aged
)

select
    dated.child_number,
    dated.referral_date,
    0 as plans_before,
    0 as care_before,
from dated
inner join year_setting
    on reporting_year_of(dated.referral_date) = year_setting.reporting_year
where dated.u_referred < year_setting.first_referral_factor
    and dated.referral_date < dated.adult_date
    and dated.referral_date <= getvariable('last_day');

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
