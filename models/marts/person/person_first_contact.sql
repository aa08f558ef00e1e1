with referrals as (
    select * from {{ ref('int_cin_referral') }}
),

plans as (
    select * from {{ ref('int_cin_plan') }}
),

episodes as (
    select * from {{ ref('int_cla_episode') }}
),

stays as (
    select
        care_episode_id,
        care_start_date
    from {{ ref('int_cla_episode_period') }}
),

-- Each kind of contact with its date, so that they can be put in order. The first
-- episode in the extract can lie within a period of care that began before.
contacts as (
    select
        pupil_id,
        referral_date,
        case when is_need_episode then referral_date end as need_date,
        cast(null as date) as plan_date,
        cast(null as date) as care_date,
        cast(null as date) as care_not_short_break_date,
        cast(null as date) as care_start_date
    from referrals
    union all
    select
        pupil_id,
        cast(null as date) as referral_date,
        cast(null as date) as need_date,
        cpp_start_date as plan_date,
        cast(null as date) as care_date,
        cast(null as date) as care_not_short_break_date,
        cast(null as date) as care_start_date
    from plans
    union all
    select
        episodes.pupil_id,
        cast(null as date) as referral_date,
        cast(null as date) as need_date,
        cast(null as date) as plan_date,
        episodes.episode_start_date as care_date,
        case when not episodes.is_short_break then episodes.episode_start_date end
            as care_not_short_break_date,
        coalesce(stays.care_start_date, episodes.episode_start_date) as care_start_date
    from episodes
    left join stays on episodes.care_episode_id = stays.care_episode_id
),

firsts as (
    select
        pupil_id,
        min(referral_date) as first_referral_date,
        min(need_date) as first_need_date,
        min(plan_date) as first_plan_date,
        min(care_date) as first_care_date,
        min(care_not_short_break_date) as first_care_not_short_break_date,
        min(care_start_date) as first_care_start_date
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
        first_care_start_date < first_referral_date as is_care_before_referral
    from firsts
)

select * from final
