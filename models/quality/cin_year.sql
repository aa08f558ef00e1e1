-- A row counts in its own year only. A plan that ends on 31 March is over on that day.
with cin as (
    select
        academic_year_end as reporting_year,
        pupil_id,
        pupil_id is null as is_without_pupil,
        referral_date,
        closure_date,
        cpp_start_date,
        cpp_end_date,
        is_child_in_need_31_march,
        {{ is_need_episode('is_referral_nfa', 'reason_for_closure_code') }}
            as is_need_episode,
        {{ reporting_year_of('referral_date') }} = academic_year_end
            as is_referred_in_year,
        {{ reporting_year_of('closure_date') }} = academic_year_end
        and coalesce(closure_date >= referral_date, false) as is_closed_in_year,
        {{ reporting_year_of('cpp_start_date') }} = academic_year_end
            as is_plan_started_in_year,
        {{ reporting_year_of('cpp_start_date') }} <= academic_year_end
        and coalesce({{ reporting_year_of('cpp_end_date') }} > academic_year_end, true)
            as has_plan_31_march
    from {{ ref('stg_cin') }}
    where academic_year_end is not null
),

-- Nothing shows which rows without a pupil reference belong to one child, so rows are
-- counted.
final as (
    select
        reporting_year,
        count(referral_date) > 0 as has_referral_dates,
        count(closure_date) > 0 as has_closure_dates,
        count(cpp_start_date) > 0 as has_plan_starts,
        count(cpp_end_date) > 0 as has_plan_ends,
        count(distinct pupil_id) filter (where has_plan_31_march)
            as n_pupils_with_plan_31_march,
        count(*) filter (where is_without_pupil and is_child_in_need_31_march)
            as n_in_need_31_march_without_pupil,
        count(*) filter (where is_without_pupil and is_referred_in_year)
            as n_referrals_without_pupil,
        count(*) filter (
            where is_without_pupil and is_referred_in_year and is_need_episode
        ) as n_need_started_without_pupil,
        count(*) filter (
            where is_without_pupil and is_closed_in_year and is_need_episode
        ) as n_need_ended_without_pupil,
        count(*) filter (where is_without_pupil and has_plan_31_march)
            as n_plans_31_march_without_pupil,
        count(*) filter (where is_without_pupil and is_plan_started_in_year)
            as n_plans_started_without_pupil
    from cin
    group by reporting_year
)

select * from final
