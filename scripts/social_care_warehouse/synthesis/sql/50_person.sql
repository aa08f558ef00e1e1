-- What happened to each child, up to the last day of the extracts.
create or replace table person as
with referred as (
    select
        child_number,
        count(*)::integer as n_referrals,
        count(*) filter (where outcome = 'need')::integer as n_need_episodes,
    from referral
    group by child_number
),

planned as (
    select child_number, count(*)::integer as n_plans
    from plan
    group by child_number
),

-- Periods of one child never overlap, so their nights may be added.
looked_after as (
    select
        child_number,
        sum(
            least(period_end_date, getvariable('last_day')) - period_start_date
        )::integer as true_care_days,
        count(*)::integer as n_periods,
        count(*) filter (where is_short_break)::integer as n_short_break_periods,
        min(period_start_date) as first_care_date,
        max(period_end_date) as last_care_date,
    from period
    group by child_number
),

moved as (
    select
        child_number,
        count(*)::integer as n_episodes,
        count(*) filter (where reason_new_episode in ('P', 'T', 'B', 'U'))::integer
            as n_placement_moves,
    from care_episode
    group by child_number
)

select
    child.*,
    case
        when looked_after.child_number is not null then 'child looked after'
        when planned.child_number is not null then 'child protection plan'
        when referred.n_need_episodes > 0 then 'child in need'
        when referred.child_number is not null then 'referral only'
        else 'no social care contact'
    end as true_highest_intervention,
    coalesce(referred.n_referrals, 0) as n_referrals,
    coalesce(referred.n_need_episodes, 0) as n_need_episodes,
    coalesce(planned.n_plans, 0) as n_plans,
    coalesce(looked_after.true_care_days, 0) as true_care_days,
    coalesce(looked_after.n_periods, 0) as n_periods,
    coalesce(looked_after.n_short_break_periods, 0) as n_short_break_periods,
    greatest(coalesce(looked_after.n_periods, 0) - 1, 0) as n_returns,
    coalesce(moved.n_episodes, 0) as n_episodes,
    coalesce(moved.n_placement_moves, 0) as n_placement_moves,
    looked_after.first_care_date,
    looked_after.last_care_date,
from child
left join referred on child.child_number = referred.child_number
left join planned on child.child_number = planned.child_number
left join looked_after on child.child_number = looked_after.child_number
left join moved on child.child_number = moved.child_number;
