with referrals as (
    select * from {{ ref('int_cin_referral') }}
),

needs as (
    select * from {{ ref('primary_need') }}
),

closures as (
    select * from {{ ref('reason_for_closure') }}
),

sources as (
    select * from {{ ref('referral_source') }}
),

final as (
    select
        referrals.referral_id,
        referrals.pupil_id,
        referrals.referral_date,
        referrals.closure_date,
        referrals.days_open,
        referrals.first_academic_year,
        referrals.last_academic_year,
        referrals.n_yearly_rows,
        referrals.is_disputed,
        referrals.is_referral_nfa,
        referrals.is_need_episode,
        referrals.is_child_in_need_31_march,
        referrals.has_child_protection_plan,
        referrals.cpp_start_date,
        referrals.cpp_end_date,
        referrals.n_plans,
        referrals.initial_category_of_abuse_code,
        referrals.latest_category_of_abuse_code,
        referrals.number_of_previous_cpp,
        referrals.primary_need_code,
        needs.label as primary_need_label,
        referrals.reason_for_closure_code,
        closures.label as reason_for_closure_label,
        referrals.referral_source_code,
        sources.label as referral_source_label,
        sources.published_group as referral_source_group,
        referrals.local_authority_code
    from referrals
    left join needs on referrals.primary_need_code = needs.code
    left join closures on referrals.reason_for_closure_code = closures.code
    left join sources on referrals.referral_source_code = sources.code
)

select * from final
