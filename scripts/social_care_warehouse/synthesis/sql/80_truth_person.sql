-- What an extract without faults can show of each pupil by the rules of the warehouse,
-- next to what is true. Where the two differ, the extracts hide the truth.
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

-- A period counts from its start, which every row holds, to its end or the last 31
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

-- What the extracts must hold to show a life fully. For nights in care: every row of
-- every period, and no period that ended before the first return. For the highest
-- intervention: one row with it, and no row with a higher one.
care_shown as (
    select
        period.child_number,
        bool_and(
            period.period_end_date >= (
                select min(first_day) from extract_year where dataset = 'cla'
            )
        ) as is_all_covered,
    from period
    group by period.child_number
),

care_rows as (
    select
        child_number,
        bool_and(pupil_id is not null) as is_all_known,
        bool_or(pupil_id is not null) as is_any_known,
    from cla_row
    group by child_number
),

need_rows as (
    select
        child_number,
        bool_or(coalesce(abuse, initial_abuse) is not null) as shows_plan,
        bool_or(outcome = 'need' and is_open) as shows_need,
        bool_or(outcome != 'need' and is_open) as shows_open_assessment,
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
        person.is_pupil
        and case person.true_highest_intervention
            when 'child looked after' then coalesce(care_rows.is_any_known, false)
            when 'child protection plan' then coalesce(need_rows.shows_plan, false)
            when 'child in need' then coalesce(need_rows.shows_need, false)
            when 'referral only'
                then coalesce(not need_rows.shows_open_assessment, false)
            else true
        end as is_highest_observable,
        person.is_pupil
        and coalesce(care_shown.is_all_covered, true)
        and coalesce(care_rows.is_all_known, true) as are_care_days_observable,
    from person
    left join seen_in_care on person.child_number = seen_in_care.child_number
    left join seen_in_need on person.child_number = seen_in_need.child_number
    left join care_shown on person.child_number = care_shown.child_number
    left join care_rows on person.child_number = care_rows.child_number
    left join need_rows on person.child_number = need_rows.child_number
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
    judged.is_highest_observable,
    judged.are_care_days_observable,
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
