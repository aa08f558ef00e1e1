with pupils as (
    select * from {{ ref('int_pupil') }}
),

cla as (
    select * from {{ ref('int_cla_person') }}
),

cin as (
    select * from {{ ref('int_cin_person') }}
),

-- The highest that the person ever had. Items of a dataset in which the person does not
-- appear stay NULL: not known is not the same as no.
joined as (
    select
        pupils.pupil_id,
        pupils.moj_uid,
        pupils.has_conflicting_moj_uid,
        pupils.in_population,
        cla.pupil_id is not null as in_cla,
        cin.pupil_id is not null as in_cin,
        case
            when cla.pupil_id is not null then 4
            when cin.is_child_protection_plan then 3
            when cin.is_child_in_need then 2
            when cin.pupil_id is not null then 1
            else 0
        end as highest_intervention_rank,
        case when cla.pupil_id is not null then true end as is_child_looked_after,
        cin.is_child_protection_plan,
        cin.cpp_by_abuse_category,
        cin.cpp_by_previous_plans,
        cin.is_child_in_need,
        cin.years_child_in_need,
        cin.referral_only_by_31_march as is_referral_only,
        cin.referral_only_by_31_march,
        cin.referral_only_by_nfa,
        cla.first_cla_date,
        cla.last_cla_date,
        cla.care_days_observed,
        cla.n_periods_of_care,
        cla.n_care_episodes,
        cla.n_placement_types,
        least(
            coalesce(cla.first_academic_year, cin.first_academic_year),
            coalesce(cin.first_academic_year, cla.first_academic_year)
        ) as first_academic_year,
        greatest(
            coalesce(cla.last_academic_year, cin.last_academic_year),
            coalesce(cin.last_academic_year, cla.last_academic_year)
        ) as last_academic_year
    from pupils
    left join cla on pupils.pupil_id = cla.pupil_id
    left join cin on pupils.pupil_id = cin.pupil_id
),

final as (
    select
        pupil_id,
        moj_uid,
        {{ intervention_from_rank('highest_intervention_rank') }}
            as highest_intervention,
        cast(highest_intervention_rank as integer) as highest_intervention_rank,
        in_population,
        in_cla,
        in_cin,
        is_child_looked_after,
        is_child_protection_plan,
        cpp_by_abuse_category,
        cpp_by_previous_plans,
        is_child_in_need,
        years_child_in_need,
        is_referral_only,
        referral_only_by_31_march,
        referral_only_by_nfa,
        first_cla_date,
        last_cla_date,
        care_days_observed,
        n_periods_of_care,
        n_care_episodes,
        n_placement_types,
        first_academic_year,
        last_academic_year,
        has_conflicting_moj_uid
    from joined
)

select * from final
