with person_years as (
    select * from {{ ref('int_cin_person_year') }}
),

summed as (
    select
        pupil_id,
        cast(sum(n_cin_rows) as integer) as n_cin_rows,
        min(academic_year) as first_academic_year,
        max(academic_year) as last_academic_year,
        bool_or(is_child_in_need_31_march) as is_child_in_need,
        -- A year is one row; one that could not be read is none.
        cast(count(
            case when is_child_in_need_31_march then academic_year end
        ) as integer) as years_child_in_need,
        bool_or(cpp_by_abuse_category) as cpp_by_abuse_category,
        sum(number_of_previous_cpp) >= 1 as cpp_by_previous_plans,
        not bool_or(is_child_in_need_31_march) as referral_only_by_31_march,
        sum(n_referrals_nfa) >= 1 as referral_only_by_nfa,
        bool_or(cpp_by_plan_start) as cpp_by_plan_start,
        bool_or(cpp_by_any_plan_field) as cpp_by_any_plan_field,
        bool_or(is_assessed_in_need) as is_assessed_in_need
    from person_years
    group by pupil_id
),

final as (
    select
        *,
        -- Either way of telling a plan is enough: each is blind in years in which the
        -- other sees.
        cpp_by_abuse_category or cpp_by_previous_plans as is_child_protection_plan
    from summed
)

select * from final
