{{ config(materialized='view') }}
with pupils as (
    select * from {{ without_catalog(ref('int_person_contact_order')) }}
),

ks4 as (
    select * from {{ without_catalog(ref('int_ks4_pupil')) }}
),

schooling as (
    select * from {{ without_catalog(ref('int_person_schooling')) }}
),

census as (
    select * from {{ without_catalog(ref('int_person_census')) }}
),

windows as (
    select * from {{ without_catalog(ref('int_observation_window')) }}
),

final as (
    select
        pupils.pupil_id,
        pupils.moj_uid,
        pupils.birth_cohort,
        pupils.gender_code,
        pupils.ethnic_group_major_code,
        pupils.highest_intervention_rank,
        ks4.academic_year as ks4_academic_year,
        ks4.ks4_regime,
        ks4.level_2_english_maths as ks4_level_2_english_maths,
        ks4.ks4_attainment_rank,
        schooling.unauthorised_sessions_secondary,
        schooling.sessions_possible_secondary,
        case
            when windows.absence_first_year is not null
                then coalesce(schooling.n_secondary_years_observed, 0)
        end as n_secondary_years_observed,
        schooling.suspension_sessions_secondary,
        schooling.n_suspensions_secondary,
        case
            when windows.suspension_first_year is not null
                then coalesce(schooling.n_secondary_years_suspensions_observed, 0)
        end as n_secondary_years_suspensions_observed,
        schooling.n_permanent_exclusions > 0 as is_permanently_excluded,
        schooling.n_permanent_exclusions,
        schooling.first_permanent_exclusion_date,
        cast(
            case when pupils.n_convictions > 2 then 2 else pupils.n_convictions end
            as integer
        ) as convictions_band_rank,
        cast(pupils.n_convictions as integer) as n_convictions,
        cast(pupils.n_cautions as integer) as n_cautions,
        cast(pupils.n_convictions + pupils.n_cautions as integer) as n_occasions,
        cast(pupils.highest_disposal_rank as integer) as highest_disposal_rank,
        pupils.first_offence_date,
        pupils.first_offence_age,
        pupils.first_conviction_date,
        pupils.first_disposal_date,
        pupils.contact_order,
        pupils.contact_order_by_disposal,
        pupils.contact_order_any,
        pupils.contact_order_referral,
        pupils.contact_order_need,
        pupils.contact_order_plan,
        pupils.contact_order_care,
        pupils.days_social_care_to_offence,
        pupils.days_any_contact_to_offence,
        pupils.days_referral_to_offence,
        pupils.days_need_to_offence,
        pupils.days_plan_to_offence,
        pupils.days_care_to_offence,
        pupils.first_social_care_date,
        pupils.is_first_contact_uncertain,
        pupils.justice_observed_to_age,
        pupils.is_justice_observed,
        pupils.is_justice_10_17_complete,
        pupils.is_justice_complete,
        census.home_la_at_15,
        census.school_la_at_15,
        census.idaci_decile_at_15,
        {{ one_yes(['census.is_ever_fsm', 'ks4.is_ever_free_meals']) }} as is_ever_fsm,
        census.sen_at_15,
        census.age_in_census_at_15
    from pupils
    cross join windows
    left join ks4 on pupils.pupil_id = ks4.pupil_id
    left join schooling on pupils.pupil_id = schooling.pupil_id
    left join census on pupils.pupil_id = census.pupil_id
)

select * from final
