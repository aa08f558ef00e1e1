with referrals as (
    select * from {{ ref('int_cin_referral') }}
),

plans as (
    select * from {{ ref('int_cin_plan') }}
),

episodes as (
    select * from {{ ref('int_cla_episode') }}
),

-- Each kind of contact with its date, so that they can be put in order.
contacts as (
    select
        pupil_id,
        referral_date,
        case when is_need_episode then referral_date end as need_date,
        cast(null as date) as plan_date,
        cast(null as date) as care_date,
        cast(null as date) as care_not_short_break_date
    from referrals
    union all
    select
        pupil_id,
        cast(null as date) as referral_date,
        cast(null as date) as need_date,
        cpp_start_date as plan_date,
        cast(null as date) as care_date,
        cast(null as date) as care_not_short_break_date
    from plans
    union all
    select
        pupil_id,
        cast(null as date) as referral_date,
        cast(null as date) as need_date,
        cast(null as date) as plan_date,
        episode_start_date as care_date,
        case when not is_short_break then episode_start_date end
            as care_not_short_break_date
    from episodes
),

firsts as (
    select
        pupil_id,
        min(referral_date) as first_referral_date,
        min(need_date) as first_need_date,
        min(plan_date) as first_plan_date,
        min(care_date) as first_care_date,
        min(care_not_short_break_date) as first_care_not_short_break_date
    from contacts
    group by pupil_id
),

final as (
    select
        pupil_id,
        first_referral_date,
        first_need_date,
        first_plan_date,
        first_care_date,
        first_care_not_short_break_date,
        least(
            coalesce(first_referral_date, first_plan_date, first_care_date),
            coalesce(first_plan_date, first_care_date, first_referral_date),
            coalesce(first_care_date, first_referral_date, first_plan_date)
        ) as first_contact_date,
        first_care_date < first_referral_date as is_care_before_referral
    from firsts
)

select * from final
