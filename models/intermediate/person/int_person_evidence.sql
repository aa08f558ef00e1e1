with cla as (
    select * from {{ ref('int_cla_person') }}
),

cin as (
    select * from {{ ref('int_cin_person') }}
),

-- All evidence that any published definition uses, for persons with any social care.
-- Most pupils have none. Columns of a dataset without the person stay NULL: not known
-- is not the same as no.
final as (
    select
        coalesce(cla.pupil_id, cin.pupil_id) as pupil_id,
        cla.pupil_id is not null as in_cla,
        cin.pupil_id is not null as in_cin,
        cla.is_short_breaks_only,
        cla.first_cla_date,
        cla.last_cla_date,
        cla.care_days_observed,
        cla.care_days_not_short_break,
        cla.n_periods_of_care,
        cla.n_care_episodes,
        cla.n_placement_types,
        cla.n_placement_groups,
        cin.is_child_protection_plan,
        cin.cpp_by_abuse_category,
        cin.cpp_by_abuse_category_as_delivered,
        cin.cpp_by_previous_plans,
        cin.cpp_by_plan_start,
        cin.cpp_by_any_plan_field,
        cin.is_child_in_need,
        cin.is_assessed_in_need,
        cin.years_child_in_need,
        cin.referral_only_by_31_march,
        cin.referral_only_by_nfa,
        least(
            coalesce(cla.first_academic_year, cin.first_academic_year),
            coalesce(cin.first_academic_year, cla.first_academic_year)
        ) as first_academic_year,
        greatest(
            coalesce(cla.last_academic_year, cin.last_academic_year),
            coalesce(cin.last_academic_year, cla.last_academic_year)
        ) as last_academic_year
    from cla
    full outer join cin on cla.pupil_id = cin.pupil_id
)

select * from final
