-- One row per child and period of care, numbered in the order lived.
create or replace table period as
with numbered as (
    select
        care_period.child_number,
        row_number() over (
            partition by care_period.child_number
            order by care_period.period_start_date
        )::integer as period_number,
        care_period.referral_number,
        care_period.period_start_date,
        care_period.period_end_date,
        care_period.route,
        care_period.end_reason,
        care_period.care_need,
        child.birth_date,
        age_on(child.birth_date, care_period.period_start_date) as age_at_start,
        starts_with(care_period.route, 'short_break') as is_short_break,
        (care_period.period_end_date - care_period.period_start_date)::integer as days,
    from care_period
    inner join child on care_period.child_number = child.child_number
)

select * from numbered;
