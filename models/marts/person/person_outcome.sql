{{ config(materialized='table_where_delivered') }}
with outcomes as (
    select * from {{ without_catalog(ref('int_person_outcome')) }}
),

final as (
    select
        pupil_id,
        moj_uid,
        {{ intervention_from_rank('highest_intervention_rank') }}
            as highest_intervention,
        highest_intervention_rank,
        birth_cohort,
        gender_code,
        ethnic_group_major_code,
        ks4_academic_year,
        ks4_regime,
        ks4_level_2_english_maths,
        ks4_attainment_rank,
        unauthorised_sessions_secondary,
        sessions_possible_secondary,
        n_secondary_years_observed,
        suspension_sessions_secondary,
        n_suspensions_secondary,
        n_secondary_years_suspensions_observed,
        is_permanently_excluded,
        n_permanent_exclusions,
        first_permanent_exclusion_date,
        {{ from_rank('convictions_band_rank', convictions_bands()) }}
            as convictions_band,
        convictions_band_rank,
        n_convictions,
        n_cautions,
        n_occasions,
        {{ from_rank('highest_disposal_rank', disposals()) }} as highest_disposal,
        highest_disposal_rank,
        first_offence_date,
        first_offence_age,
        first_conviction_date,
        first_disposal_date,
        contact_order,
        contact_order_by_disposal,
        contact_order_any,
        contact_order_referral,
        contact_order_need,
        contact_order_plan,
        contact_order_care,
        first_social_care_date,
        days_social_care_to_offence,
        days_any_contact_to_offence,
        days_referral_to_offence,
        days_need_to_offence,
        days_plan_to_offence,
        days_care_to_offence,
        is_first_contact_uncertain,
        justice_observed_to_age,
        is_justice_10_17_complete,
        is_justice_complete,
        home_la_at_15,
        school_la_at_15,
        age_in_census_at_15,
        idaci_decile_at_15,
        is_ever_fsm,
        sen_at_15
    from outcomes
)

select * from final
