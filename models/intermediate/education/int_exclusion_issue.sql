{{ config(materialized='view') }}
with pupil_years as (
    select * from {{ without_catalog(ref('int_exclusion_pupil_year')) }}
),

final as (
    select
        'total_fixed_exclusions' as column_name,
        'differs from the exclusions delivered' as issue,
        pupil_id,
        academic_year
    from pupil_years
    where is_total_disputed
    union all
    select
        'n_permanent_exclusions' as column_name,
        'differs from the exclusions delivered' as issue,
        pupil_id,
        academic_year
    from pupil_years
    where is_permanent_disputed
    union all
    select
        'total_fixed_sessions' as column_name,
        'more than the legal maximum of a year' as issue,
        pupil_id,
        academic_year
    from pupil_years
    where is_over_legal_maximum and suspension_sessions_delivered is not null
    union all
    -- Without a delivered total, the sum of the single exclusions is over the maximum.
    select
        'sessions' as column_name,
        'in sum more than the legal maximum of a year' as issue,
        pupil_id,
        academic_year
    from pupil_years
    where is_over_legal_maximum and suspension_sessions_delivered is null
)

select * from final
