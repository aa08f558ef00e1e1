with person_years as (
    select * from {{ ref('int_cin_person_year') }}
),

-- The rows of one year can show a referral still open that the next year closes as not
-- in need. So the whole referral decides, and not one of its rows.
assessed as (
    select
        pupil_id,
        bool_or(is_need_episode) as is_assessed_in_need
    from {{ ref('int_cin_referral') }}
    group by pupil_id
),

-- NULL means that the flag of a year could not be read.
summed as (
    select
        pupil_id,
        cast(sum(n_cin_rows) as integer) as n_cin_rows,
        min(academic_year) as first_academic_year,
        max(academic_year) as last_academic_year,
        {{ any_yes('is_child_in_need_31_march', 'is_child_in_need_31_march is null') }}
            as is_child_in_need,
        count(academic_year) filter (where is_child_in_need_31_march)
            as n_readable_years_in_need,
        bool_or(cpp_by_abuse_category) as cpp_by_abuse_category,
        bool_or(cpp_by_abuse_category_as_delivered)
            as cpp_by_abuse_category_as_delivered,
        sum(number_of_previous_cpp) >= 1 as cpp_by_previous_plans,
        {{ any_yes('referral_only_by_nfa', 'referral_only_by_nfa is null') }}
            as referral_only_by_nfa,
        bool_or(cpp_by_plan_start) as cpp_by_plan_start,
        bool_or(cpp_by_any_plan_field) as cpp_by_any_plan_field
    from person_years
    group by pupil_id
),

final as (
    select
        summed.pupil_id,
        summed.n_cin_rows,
        summed.first_academic_year,
        summed.last_academic_year,
        summed.is_child_in_need,
        -- A flag in a row whose year cannot be read shows at least one year in need.
        cast(
            case
                when summed.is_child_in_need
                    then greatest(summed.n_readable_years_in_need, 1)
                when not summed.is_child_in_need then 0
            end as integer
        ) as years_child_in_need,
        -- Either method is enough, because each misses the plans of some years.
        summed.cpp_by_abuse_category or summed.cpp_by_previous_plans
            as is_child_protection_plan,
        summed.cpp_by_abuse_category,
        summed.cpp_by_abuse_category_as_delivered,
        summed.cpp_by_previous_plans,
        summed.cpp_by_plan_start,
        summed.cpp_by_any_plan_field,
        not summed.is_child_in_need as referral_only_by_31_march,
        summed.referral_only_by_nfa,
        assessed.is_assessed_in_need
    from summed
    left join assessed on summed.pupil_id = assessed.pupil_id
)

select * from final
