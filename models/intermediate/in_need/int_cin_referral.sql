with referral_rows as (
    select * from {{ ref('int_cin_referral_row') }}
),

latest_plans as (
    select * from {{ ref('int_cin_plan') }}
    where is_latest
),

-- A referral is delivered in every year in which it was open, and its rows can differ.
-- The closure and its reason come from one row, the latest year's, blank or not. For
-- the other items, the latest year with a value wins. The first category of abuse is
-- the earliest.
folded as (
    select
        pupil_id,
        referral_mark,
        max(true_referral_date) as referral_date,
        min(academic_year) as first_academic_year,
        max(academic_year) as last_academic_year,
        cast(count(*) as integer) as n_yearly_rows,
        {{ latest_value('is_referral_nfa', 'academic_year', 'boolean', 'is_used') }}
            as is_referral_nfa,
        {{ latest_value('closure_date', 'academic_year', 'date', 'is_used') }}
            as closure_date,
        {{ latest_value(
            'reason_for_closure_code', 'academic_year', 'string', 'is_used'
        ) }} as reason_for_closure_code,
        {% for column in [
            'primary_need_code',
            'referral_source_code',
            'local_authority_code',
            'assessment_factors',
            'category_of_abuse_code',
            'latest_category_of_abuse_code',
        ] %}
        {{ latest_filled(column, 'academic_year', 'is_used') }} as {{ column }},
        {% endfor %}
        {{ earliest_filled(
            'initial_category_of_abuse_code', 'academic_year', 'is_used'
        ) }} as initial_category_of_abuse_code,
        max(number_of_previous_cpp) filter (where is_used) as number_of_previous_cpp,
        bool_or(coalesce(is_child_in_need_31_march, false))
            as is_child_in_need_31_march,
        bool_or(has_any_plan_field) as has_child_protection_plan,
        {{ is_disputed('is_referral_nfa') }}
        or {{ is_disputed('reason_for_closure_code') }}
        or {{ is_disputed('primary_need_code') }}
        or {{ is_disputed('closure_date') }} as is_disputed
    from referral_rows
    group by pupil_id, referral_mark
),

identified as (
    select
        {{ hash_key(['pupil_id', 'referral_mark']) }} as referral_id,
        *
    from folded
),

final as (
    select
        identified.*,
        latest_plans.cpp_start_date,
        latest_plans.cpp_end_date,
        coalesce(latest_plans.plan_number, 0) as n_plans,
        {{ is_need_episode(
            'identified.is_referral_nfa', 'identified.reason_for_closure_code'
        ) }} as is_need_episode,
        -- A closure before the referral is an error; the case then counts as closed on
        -- the day of the referral.
        case
            when identified.closure_date < identified.referral_date then 0
            else
                {{ days_between(
                    'identified.referral_date', 'identified.closure_date'
                ) }}
        end as days_open
    from identified
    left join latest_plans on identified.referral_id = latest_plans.referral_id
)

select * from final
