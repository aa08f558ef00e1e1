-- A child protection plan happens inside a need episode; one who had a plan is likelier
-- to have another.
create or replace temp table round_plan as
with planned as (
    select
        child_number,
        referral_date,
        adult_date,
        plans_before,
        draw(child_number, 'plan delay', getvariable('round')) as u_delay,
        draw(child_number, 'plan length', getvariable('round')) as u_length,
        draw(child_number, 'abuse', getvariable('round')) as u_abuse,
        draw(child_number, 'abuse changes', getvariable('round')) as u_change,
        draw(child_number, 'abuse later', getvariable('round')) as u_later,
    from round_referral
    where outcome = 'need'
        and draw(child_number, 'plan', getvariable('round'))
        < plan_share
        * if(plans_before > 0, re_plan_factor, setting('plan_first_factor'))
        * plan_factor
        * la_plan_factor
),

started as (
    select
        planned.*,
        (
            planned.referral_date + length_of(planned.u_delay, delay.curve)
        )::date as plan_start_date,
    from planned
    inner join duration_range as delay
        on delay.what = 'plan_delay'
        and falls_in(planned.u_delay, delay.u_from, delay.u_to)
),

ended as (
    select
        started.*,
        least(
            started.plan_start_date + length_of(started.u_length, length.curve),
            started.adult_date
        )::date as plan_end_date,
        if(year(started.plan_start_date) < 2011, 'until 2010', 'from 2011')
            as abuse_era,
    from started
    inner join duration_range as length
        on length.what = 'plan'
        and falls_in(started.u_length, length.u_from, length.u_to)
    where started.plan_start_date < started.adult_date
        and started.plan_start_date <= getvariable('last_day')
)

select
    ended.child_number,
    ended.plans_before + 1 as plan_number,
    ended.plan_start_date,
    ended.plan_end_date,
    abuse.code as initial_abuse,
    if(ended.u_change < 0.12, later.code, abuse.code) as latest_abuse,
from ended
inner join choice_range as abuse
    on abuse.what = 'abuse'
    and ended.abuse_era = abuse.stratum
    and falls_in(ended.u_abuse, abuse.u_from, abuse.u_to)
inner join choice_range as later
    on later.what = 'abuse'
    and ended.abuse_era = later.stratum
    and falls_in(ended.u_later, later.u_from, later.u_to);
