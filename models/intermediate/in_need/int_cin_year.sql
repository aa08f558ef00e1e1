with cin as (
    select
        *,
        {{ is_need_episode() }} as is_need_episode,
        {{ reporting_year_of('referral_date') }} = academic_year_end
            as is_referred_in_year,
        {{ reporting_year_of('closure_date') }} = academic_year_end
        and coalesce(closure_date >= referral_date, false) as is_closed_in_year,
        {{ reporting_year_of('cpp_start_date') }} = academic_year_end
            as is_plan_started_in_year,
        -- A plan that ends on 31 March is over on that day.
        {{ reporting_year_of('cpp_start_date') }} <= academic_year_end
        and coalesce({{ reporting_year_of('cpp_end_date') }} > academic_year_end, true)
            as has_plan_31_march
    from {{ ref('stg_cin') }}
    where academic_year_end is not null
),

final as (
    select
        academic_year_end as reporting_year,
        count(referral_date) > 0 as has_referral_dates,
        count(closure_date) > 0 as has_closure_dates,
        count(cpp_start_date) > 0 as has_plan_starts,
        count(cpp_end_date) > 0 as has_plan_ends,
        count(distinct case when has_plan_31_march then pupil_id end)
            as n_pupils_with_plan_31_march,
        -- Children cannot be told apart where there is no reference, so rows are
        -- counted. A row tells only of its own year.
        count(case when pupil_id is null and is_child_in_need_31_march then 1 end)
            as n_bare_in_need_31_march,
        count(case when pupil_id is null and is_referred_in_year then 1 end)
            as n_bare_referrals,
        count(
            case
                when pupil_id is null and is_referred_in_year and is_need_episode then 1
            end
        ) as n_bare_need_started,
        count(
            case
                when pupil_id is null and is_closed_in_year and is_need_episode then 1
            end
        ) as n_bare_need_ended,
        count(case when pupil_id is null and has_plan_31_march then 1 end)
            as n_bare_plans_31_march,
        count(case when pupil_id is null and is_plan_started_in_year then 1 end)
            as n_bare_plans_started
    from cin
    group by academic_year_end
)

select * from final
