{{ config(materialized='view') }}
with wide as (
    select * from {{ without_catalog(ref('stg_exclusion')) }}
    where is_wide_row and pupil_id is not null and academic_year_start is not null
),

-- A row delivered twice counts once: within a school the larger total is taken.
by_school as (
    select
        pupil_id,
        academic_year_start,
        school_id,
        max(total_fixed_exclusions) as n_suspensions,
        max(total_fixed_sessions) as sessions,
        max(coalesce(
            n_permanent_exclusions,
            case is_permanently_excluded when true then 1 when false then 0 end
        )) as n_permanent,
        max(n_permanent_exclusions) as n_permanent_counted,
        {{ is_disputed('total_fixed_exclusions') }}
        or {{ is_disputed('total_fixed_sessions') }} as is_disputed,
        {{ is_disputed('n_permanent_exclusions') }}
        or {{ is_disputed('is_permanently_excluded') }} as is_permanent_disputed,
        bool_or(total_fixed_exclusions_issue is not null) as has_unreadable_total,
        bool_or(
            n_permanent_exclusions_issue is not null
            or is_permanently_excluded_issue is not null
        ) as has_unreadable_permanent
    from wide
    group by pupil_id, academic_year_start, school_id
),

-- A row without a school holds the pupil's year in all schools; rows with schools are
-- added up.
final as (
    select
        pupil_id,
        academic_year_start,
        {% for item in [
            'n_suspensions', 'sessions', 'n_permanent', 'n_permanent_counted',
        ] %}
        coalesce(
            max({{ item }}) filter (where school_id is null),
            sum({{ item }}) filter (where school_id is not null)
        ) as {{ item }},
        {% endfor %}
        bool_or(is_disputed) as is_disputed,
        bool_or(is_permanent_disputed) as is_permanent_disputed,
        bool_or(has_unreadable_total) as has_unreadable_total,
        bool_or(has_unreadable_permanent) as has_unreadable_permanent
    from by_school
    group by pupil_id, academic_year_start
)

select * from final
