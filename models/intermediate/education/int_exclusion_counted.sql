{{ config(materialized='view') }}
with exclusions as (
    select * from {{ without_catalog(ref('int_exclusion')) }}
),

counted as (
    select
        pupil_id,
        academic_year_start,
        max(year_group) as year_group,
        count(*) filter (where category_group = 'fixed period') as n_suspensions,
        sum(sessions) filter (where category_group = 'fixed period') as sessions,
        count(*) filter (where category_group = 'fixed period' and sessions is null)
            as n_without_sessions,
        count(*) filter (where category_group = 'permanent') as n_permanent,
        min(start_date) filter (where category_group = 'permanent')
            as first_permanent_exclusion_date
    from exclusions
    group by pupil_id, academic_year_start
),

-- The sum of sessions is unknown where one suspension has no length.
final as (
    select
        pupil_id,
        academic_year_start,
        year_group,
        n_suspensions,
        case
            when n_suspensions = 0 then 0
            when n_without_sessions = 0 then cast(sessions as bigint)
        end as sessions,
        n_permanent,
        first_permanent_exclusion_date
    from counted
)

select * from final
