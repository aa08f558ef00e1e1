with person_years as (
    select * from {{ ref('int_cin_person_year') }}
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
        bool_or(cpp_by_any_plan_field) as cpp_by_any_plan_field,
        bool_or(is_assessed_in_need) as is_assessed_in_need
    from person_years
    group by pupil_id
),

final as (
    select
        pupil_id,
        n_cin_rows,
        first_academic_year,
        last_academic_year,
        is_child_in_need,
        -- A flag in a row whose year cannot be read shows at least one year in need.
        cast(
            case
                when is_child_in_need then greatest(n_readable_years_in_need, 1)
                when not is_child_in_need then 0
            end as integer
        ) as years_child_in_need,
        -- Either method is enough, because each misses the plans of some years.
        cpp_by_abuse_category or cpp_by_previous_plans as is_child_protection_plan,
        cpp_by_abuse_category,
        cpp_by_abuse_category_as_delivered,
        cpp_by_previous_plans,
        cpp_by_plan_start,
        cpp_by_any_plan_field,
        not is_child_in_need as referral_only_by_31_march,
        referral_only_by_nfa,
        is_assessed_in_need
    from summed
)

select * from final
