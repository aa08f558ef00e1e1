with cin as (
    select * from {{ ref('stg_cin') }}
    where pupil_id is not null
),

-- The evidence that one child's rows of one year hold. A missing flag is no evidence,
-- so it counts as false; a year that could not be read stays a group of its own (NULL).
final as (
    select
        pupil_id,
        academic_year,
        cast(count(*) as integer) as n_cin_rows,
        coalesce(bool_or(is_child_in_need_31_march), false)
            as is_child_in_need_31_march,
        -- The category is recorded when a plan is made, so any category is a plan.
        coalesce(bool_or(
            coalesce(category_of_abuse_code, initial_category_of_abuse_code) is not null
        ), false) as cpp_by_abuse_category,
        cast(coalesce(sum(number_of_previous_cpp), 0) as bigint)
            as number_of_previous_cpp,
        cast(count(case when is_referral_nfa then 1 end) as integer) as n_referrals_nfa,
        coalesce(bool_or(cpp_start_date is not null), false) as cpp_by_plan_start,
        coalesce(bool_or({{ has_any_plan_field() }}), false) as cpp_by_any_plan_field,
        coalesce(bool_or({{ is_need_episode() }}), false) as is_assessed_in_need
    from cin
    group by pupil_id, academic_year
)

select * from final
