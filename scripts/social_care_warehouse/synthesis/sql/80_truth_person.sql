-- What an extract without dirt could tell of each pupil by the rules of the warehouse
-- (DESIGN 5),
-- beside what is true: where the two differ, the extracts hide it.
create or replace table person_truth as
with seen_period as (
    select
        child_number,
        period_start_date,
        make_date(max(reporting_year), 3, 31) as last_seen_day,
    from cla_row
    where pupil_id is not null
    group by child_number, period_start_date
),

-- A period counts from its start, which every row tells, to its end or the last 31
-- March of a row.
seen_in_care as (
    select
        period.child_number,
        sum(
            least(period.period_end_date, seen_period.last_seen_day)
            - period.period_start_date
        )::integer as visible_care_days,
    from period
    inner join seen_period
        on period.child_number = seen_period.child_number
        and period.period_start_date = seen_period.period_start_date
    group by period.child_number
),

seen_in_need as (
    select
        child_number,
        bool_or(
            coalesce(abuse, initial_abuse) is not null
            or coalesce(previous_plans::integer, 0) >= 1
        ) as is_plan_seen,
        bool_or(is_open) as is_need_seen,
    from cin_row
    where pupil_id is not null
    group by child_number
),

judged as (
    select
        person.*,
        case
            when seen_in_care.child_number is not null then 'child looked after'
            when seen_in_need.is_plan_seen then 'child protection plan'
            when seen_in_need.is_need_seen then 'child in need'
            when seen_in_need.child_number is not null then 'referral only'
            else 'no social care contact'
        end as visible_highest_intervention,
        coalesce(seen_in_care.visible_care_days, 0) as visible_care_days,
    from person
    left join seen_in_care on person.child_number = seen_in_care.child_number
    left join seen_in_need on person.child_number = seen_in_need.child_number
)

select
    identifier.pupil_id,
    identifier.moj_uid,
    judged.birth_date,
    judged.gender,
    judged.ethnic_group,
    judged.la_code,
    judged.is_disabled,
    judged.true_highest_intervention,
    judged.visible_highest_intervention,
    judged.n_referrals,
    judged.n_need_episodes,
    judged.n_plans,
    judged.true_care_days,
    judged.visible_care_days,
    judged.n_periods,
    judged.n_short_break_periods,
    judged.n_returns,
    judged.n_episodes,
    judged.n_placement_moves,
    judged.first_care_date,
    judged.last_care_date,
    judged.child_number,
from judged
inner join identifier on judged.child_number = identifier.child_number;
