{{ config(materialized='view') }}
with pupils as (
    select * from {{ without_catalog(ref('int_pupil')) }}
),

windows as (
    select * from {{ without_catalog(ref('int_observation_window')) }}
),

-- How far the offences follow each pupil. In the month of a birthday the birthday
-- counts as past.
aged as (
    select
        pupils.*,
        {{ age_on('windows.justice_last_date', 'pupils') }} as justice_observed_to_age,
        12 * (pupils.year_of_birth + 10) + pupils.month_of_birth
        >= 12 * extract(year from windows.justice_first_date)
        + extract(month from windows.justice_first_date) as is_followed_from_10
    from pupils
    cross join windows
),

final as (
    select
        pupil_id,
        moj_uid,
        gender_code,
        ethnic_group_major_code,
        case when month_of_birth is not null then {{ academic_year_label(
            'year_of_birth - case when month_of_birth < 9 then 1 else 0 end'
        ) }} end as birth_cohort,
        justice_observed_to_age,
        is_followed_from_10 and justice_observed_to_age >= 10 as is_justice_observed,
        is_followed_from_10 and justice_observed_to_age >= 18
            as is_justice_10_17_complete,
        is_followed_from_10 and justice_observed_to_age >= {{ var('outcome_to_age') }}
            as is_justice_complete
    from aged
)

select * from final
