-- The first contact with social care at each level, and whether the extracts show it.
-- A remand is not a contact: it follows an offence.
create or replace temp table contact_truth as
with first_referral as (
    select child_number, min_by(referral_number, referral_date) as referral_number
    from referral
    group by child_number
),

first_need as (
    select child_number, min_by(referral_number, referral_date) as referral_number
    from referral
    where outcome = 'need'
    group by child_number
),

seen_referral as (
    select distinct child_number, referral_number
    from cin_row
    where pupil_id is not null
),

seen_earlier as (
    select distinct seen_referral.child_number
    from seen_referral
    inner join first_need on seen_referral.child_number = first_need.child_number
    inner join referral
        on seen_referral.child_number = referral.child_number
        and seen_referral.referral_number = referral.referral_number
    inner join referral as needed
        on first_need.child_number = needed.child_number
        and first_need.referral_number = needed.referral_number
    where referral.referral_date < needed.referral_date
),

-- A second plan in the year of the first one hides how many were before.
first_plan as (
    select
        child_number,
        min(plan_start_date) as plan_date,
        count(*) filter (
            where reporting_year_of(plan_start_date) = reporting_year_of(
                (
                    select min(earlier.plan_start_date)
                    from plan as earlier
                    where earlier.child_number = plan.child_number
                )
            )
        ) as n_plans_in_year,
    from plan
    group by child_number
),

seen_plan as (
    select distinct cin_row.child_number
    from cin_row
    inner join first_plan
        on cin_row.child_number = first_plan.child_number
        and cin_row.plan_start_date = first_plan.plan_date
    where cin_row.pupil_id is not null and first_plan.n_plans_in_year = 1
),

first_care as (
    select period.child_number, min(period.period_start_date) as care_date
    from period
    where not exists (
        select 1
        from care_episode
        where care_episode.child_number = period.child_number
            and care_episode.period_number = period.period_number
            and care_episode.legal_status = 'J1'
    )
    group by period.child_number
),

seen_care as (
    select distinct cla_row.child_number
    from cla_row
    inner join first_care
        on cla_row.child_number = first_care.child_number
        and cla_row.period_start_date = first_care.care_date
    where cla_row.pupil_id is not null
),

-- A need that the extracts show of a life that has none: an assessment open on a 31
-- March, or a case of a year that does not say whether there was further action.
seen_without_need as (
    select distinct cin_row.child_number
    from cin_row
    anti join first_need on cin_row.child_number = first_need.child_number
    where cin_row.pupil_id is not null and not coalesce(cin_row.is_nfa, false)
)

select
    person.child_number,
    referred.referral_date,
    needed.referral_date as need_date,
    planned.plan_date,
    first_care.care_date,
    referred.referral_date is null or seen.child_number is not null
        as is_referral_shown,
    if(
        needed.referral_date is null,
        seen_without_need.child_number is null,
        seen_first_need.child_number is not null and seen_earlier.child_number is null
    ) as is_need_shown,
    planned.plan_date is null or seen_plan.child_number is not null as is_plan_shown,
    first_care.care_date is null or seen_care.child_number is not null as is_care_shown,
from person
left join first_referral on person.child_number = first_referral.child_number
left join referral as referred
    on first_referral.child_number = referred.child_number
    and first_referral.referral_number = referred.referral_number
left join seen_referral as seen
    on first_referral.child_number = seen.child_number
    and first_referral.referral_number = seen.referral_number
left join first_need on person.child_number = first_need.child_number
left join referral as needed
    on first_need.child_number = needed.child_number
    and first_need.referral_number = needed.referral_number
left join seen_referral as seen_first_need
    on first_need.child_number = seen_first_need.child_number
    and first_need.referral_number = seen_first_need.referral_number
left join seen_earlier on person.child_number = seen_earlier.child_number
left join first_plan as planned on person.child_number = planned.child_number
left join seen_plan on person.child_number = seen_plan.child_number
left join first_care on person.child_number = first_care.child_number
left join seen_care on person.child_number = seen_care.child_number
left join seen_without_need on person.child_number = seen_without_need.child_number
where person.is_pupil;
