{{ config(materialized='view') }}
with pupils as (
    select * from {{ without_catalog(ref('int_person_follow_up')) }}
),

orders as (
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

justice as (
    select * from {{ without_catalog(ref('int_person_justice')) }}
    where counting_rule = '{{ var("counting_rule") }}'
),

windows as (
    select * from {{ without_catalog(ref('int_observation_window')) }}
),

joined as (
    select
        pupils.pupil_id,
        pupils.moj_uid,
        pupils.birth_cohort,
        pupils.gender_code,
        pupils.ethnic_group_major_code,
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
        schooling.n_permanent_exclusions,
        schooling.first_permanent_exclusion_date,
        -- None is known only inside the observed window, and not where an occasion has
        -- no age.
        pupils.is_justice_observed
        and coalesce(justice.n_occasions_age_unknown, 0) = 0 as is_none_known,
        justice.n_convictions,
        justice.n_cautions,
        justice.highest_disposal_rank,
        justice.first_offence_date,
        justice.first_offence_age,
        justice.first_conviction_date,
        justice.first_disposal_date,
        pupils.justice_observed_to_age,
        pupils.is_justice_observed,
        pupils.is_justice_10_17_complete,
        pupils.is_justice_complete,
        census.home_la_at_15,
        census.school_la_at_15,
        census.idaci_decile_at_15,
        census.sen_at_15,
        census.age_in_census_at_15,
        coalesce(
            census.is_ever_fsm or ks4.is_free_meals,
            census.is_ever_fsm,
            ks4.is_free_meals
        ) as is_ever_fsm
    from pupils
    cross join windows
    left join ks4 on pupils.pupil_id = ks4.pupil_id
    left join schooling on pupils.pupil_id = schooling.pupil_id
    left join census on pupils.pupil_id = census.pupil_id
    left join justice on pupils.pupil_id = justice.pupil_id
),

known as (
    select
        *,
        case
            when n_convictions > 0 then n_convictions
            when is_none_known then 0
        end as n_known_convictions,
        case when n_cautions > 0 then n_cautions when is_none_known then 0 end
            as n_known_cautions,
        case
            when highest_disposal_rank is not null then highest_disposal_rank
            when n_convictions + n_cautions > 0 then null
            when is_none_known then 0
        end as highest_known_disposal_rank
    from joined
),

final as (
    select
        known.pupil_id,
        known.moj_uid,
        known.birth_cohort,
        known.gender_code,
        known.ethnic_group_major_code,
        orders.highest_intervention_rank,
        known.ks4_academic_year,
        known.ks4_regime,
        known.ks4_level_2_english_maths,
        known.ks4_attainment_rank,
        known.unauthorised_sessions_secondary,
        known.sessions_possible_secondary,
        known.n_secondary_years_observed,
        known.suspension_sessions_secondary,
        known.n_suspensions_secondary,
        known.n_secondary_years_suspensions_observed,
        known.n_permanent_exclusions > 0 as is_permanently_excluded,
        known.n_permanent_exclusions,
        known.first_permanent_exclusion_date,
        cast(
            case
                when known.n_known_convictions > 2 then 2
                else known.n_known_convictions
            end as integer
        ) as convictions_band_rank,
        cast(known.n_known_convictions as integer) as n_convictions,
        cast(known.n_known_cautions as integer) as n_cautions,
        cast(known.n_known_convictions + known.n_known_cautions as integer)
            as n_occasions,
        cast(known.highest_known_disposal_rank as integer) as highest_disposal_rank,
        known.first_offence_date,
        known.first_offence_age,
        known.first_conviction_date,
        known.first_disposal_date,
        orders.contact_order,
        orders.contact_order_by_disposal,
        orders.contact_order_any,
        orders.contact_order_referral,
        orders.contact_order_need,
        orders.contact_order_plan,
        orders.contact_order_care,
        orders.days_social_care_to_offence,
        orders.days_any_contact_to_offence,
        orders.days_referral_to_offence,
        orders.days_need_to_offence,
        orders.days_plan_to_offence,
        orders.days_care_to_offence,
        orders.first_social_care_date,
        orders.is_first_contact_uncertain,
        known.justice_observed_to_age,
        known.is_justice_observed,
        known.is_justice_10_17_complete,
        known.is_justice_complete,
        known.home_la_at_15,
        known.school_la_at_15,
        known.idaci_decile_at_15,
        known.is_ever_fsm,
        known.sen_at_15,
        known.age_in_census_at_15
    from known
    inner join orders on known.pupil_id = orders.pupil_id
)

select * from final
