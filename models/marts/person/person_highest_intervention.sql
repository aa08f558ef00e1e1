with pupils as (
    select * from {{ ref('int_pupil') }}
),

evidence as (
    select * from {{ ref('int_person_evidence') }}
),

chosen as (
    select * from {{ ref('intervention_definitions') }}
    where definition = '{{ var("intervention_definition") }}'
),

-- Each pupil has one row. Most had no contact with social care: their evidence is NULL,
-- which puts them in the lowest category.
decided as (
    select
        pupils.pupil_id,
        pupils.moj_uid,
        {{ intervention_rank('chosen', 'evidence') }}
            as highest_intervention_rank,
        pupils.in_population,
        coalesce(evidence.in_cla, false) as in_cla,
        coalesce(evidence.in_cin, false) as in_cin,
        case when evidence.in_cla then true end as is_child_looked_after,
        evidence.is_child_protection_plan,
        evidence.cpp_by_abuse_category,
        evidence.cpp_by_previous_plans,
        evidence.is_child_in_need,
        evidence.years_child_in_need,
        evidence.referral_only_by_31_march as is_referral_only,
        evidence.referral_only_by_31_march,
        evidence.referral_only_by_nfa,
        evidence.is_short_breaks_only,
        evidence.first_cla_date,
        evidence.last_cla_date,
        evidence.care_days_observed,
        evidence.care_days_not_short_break,
        evidence.n_periods_of_care,
        evidence.n_care_episodes,
        evidence.n_placement_types,
        evidence.n_placement_groups,
        evidence.first_academic_year,
        evidence.last_academic_year,
        pupils.has_conflicting_moj_uid
    from pupils
    cross join chosen
    left join evidence on pupils.pupil_id = evidence.pupil_id
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
        is_short_breaks_only,
        first_cla_date,
        last_cla_date,
        care_days_observed,
        care_days_not_short_break,
        n_periods_of_care,
        n_care_episodes,
        n_placement_types,
        n_placement_groups,
        first_academic_year,
        last_academic_year,
        has_conflicting_moj_uid
    from decided
)

select * from final
