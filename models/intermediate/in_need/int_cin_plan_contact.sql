{{ config(materialized='view') }}
with plan_starts as (
    select
        pupil_id,
        min(cpp_start_date) as first_start_date
    from {{ without_catalog(ref('int_cin_plan')) }}
    group by pupil_id
),

-- The first year that shows a plan. Where it already counts earlier plans, the first
-- plan lies before it at an unknown time; in a later year the plans seen explain them.
plan_years as (
    select
        pupil_id,
        {{ earliest_day_in('min(academic_year)') }} as first_year_start,
        {{ latest_day_in('min(academic_year)') }} as first_year_end,
        coalesce(
            min(academic_year)
            = min(academic_year) filter (where number_of_previous_cpp >= 1),
            false
        ) as has_earlier_plan
    from {{ without_catalog(ref('int_cin_person_year')) }}
    where
        cpp_by_abuse_category or cpp_by_any_plan_field or number_of_previous_cpp >= 1
    group by pupil_id
),

final as (
    select
        plan_years.pupil_id,
        case
            when plan_years.has_earlier_plan then cast('1900-01-01' as date)
            when plan_starts.first_start_date <= plan_years.first_year_end
                then plan_starts.first_start_date
            else plan_years.first_year_start
        end as earliest_date,
        least(
            coalesce(plan_starts.first_start_date, cast('2999-12-31' as date)),
            plan_years.first_year_end
        ) as latest_date
    from plan_years
    left join plan_starts on plan_years.pupil_id = plan_starts.pupil_id
)

select * from final
