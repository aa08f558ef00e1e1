with cin as (
    select * from {{ ref('int_cin_row') }}
),

-- Few rows are of referrals without further action. To count them apart costs far less
-- than to count different values among all rows.
without_action as (
    select
        pupil_id,
        academic_year,
        count(distinct referral_in_year) as n_referrals
    from cin
    where is_referral_nfa
    group by pupil_id, academic_year
),

-- The evidence in one child's rows of one year. Rows whose year cannot be read are a
-- group of their own (NULL).
years as (
    select
        pupil_id,
        academic_year,
        cast(count(*) as integer) as n_cin_rows,
        {{ any_yes('is_child_in_need_31_march', 'has_unreadable_31_march_flag') }}
            as is_child_in_need_31_march,
        bool_or(has_abuse_category) as cpp_by_abuse_category,
        bool_or(has_abuse_category_as_delivered)
            as cpp_by_abuse_category_as_delivered,
        cast(coalesce(sum(number_of_previous_cpp), 0) as bigint)
            as number_of_previous_cpp,
        {{ any_yes('is_referral_nfa', 'has_unreadable_nfa_flag') }}
            as referral_only_by_nfa,
        bool_or(cpp_start_date is not null) as cpp_by_plan_start,
        bool_or(has_any_plan_field) as cpp_by_any_plan_field,
        bool_or(is_need_episode) as is_assessed_in_need
    from cin
    group by pupil_id, academic_year
),

final as (
    select
        years.*,
        cast(coalesce(without_action.n_referrals, 0) as integer) as n_referrals_nfa
    from years
    left join without_action
        on
            years.pupil_id = without_action.pupil_id
            and years.academic_year is not distinct from without_action.academic_year
)

select * from final
