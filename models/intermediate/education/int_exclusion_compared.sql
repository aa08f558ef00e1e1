{{ config(materialized='view') }}
with from_rows as (
    select * from {{ without_catalog(ref('int_exclusion_counted')) }}
),

totals as (
    select * from {{ without_catalog(ref('int_exclusion_total')) }}
),

-- Years with single exclusions: a pupil without one of a kind has none of that kind. A
-- list of permanent exclusions alone shows nothing about suspensions.
years_with_rows as (
    select
        academic_year_start,
        bool_or(n_suspensions > 0) as has_suspension_rows
    from from_rows
    group by academic_year_start
),

joined as (
    select
        coalesce(from_rows.pupil_id, totals.pupil_id) as pupil_id,
        coalesce(from_rows.academic_year_start, totals.academic_year_start)
            as academic_year_start,
        from_rows.year_group,
        coalesce(from_rows.n_suspensions, 0) as n_suspension_rows,
        case when from_rows.pupil_id is null then 0 else from_rows.sessions end
            as sessions_of_rows,
        coalesce(from_rows.n_permanent, 0) as n_permanent_from_rows,
        from_rows.first_permanent_exclusion_date,
        totals.n_suspensions as n_suspensions_delivered,
        totals.sessions as suspension_sessions_delivered,
        totals.n_permanent as n_permanent_delivered,
        totals.n_permanent_counted,
        coalesce(totals.is_disputed, false) as is_disputed,
        coalesce(totals.is_permanent_disputed, false) as is_permanent_disputed,
        coalesce(totals.has_unreadable_total, false) as has_unreadable_total,
        coalesce(totals.has_unreadable_permanent, false) as has_unreadable_permanent
    from from_rows
    full outer join totals
        on
            from_rows.pupil_id = totals.pupil_id
            and from_rows.academic_year_start = totals.academic_year_start
),

-- A number that cannot be read is not 0 where the rows show none either.
final as (
    select
        joined.pupil_id,
        joined.academic_year_start,
        joined.year_group,
        case when years_with_rows.has_suspension_rows then joined.n_suspension_rows end
            as n_suspensions_from_rows,
        case when years_with_rows.has_suspension_rows then joined.sessions_of_rows end
            as suspension_sessions_from_rows,
        joined.n_permanent_from_rows,
        joined.first_permanent_exclusion_date,
        joined.n_suspensions_delivered,
        joined.suspension_sessions_delivered,
        joined.n_permanent_delivered,
        joined.n_permanent_counted,
        years_with_rows.academic_year_start is not null as has_rows,
        joined.is_disputed,
        joined.is_permanent_disputed,
        joined.has_unreadable_total
        and joined.n_suspensions_delivered is null
        and joined.n_suspension_rows = 0 as is_suspensions_unreadable,
        joined.has_unreadable_permanent
        and joined.n_permanent_delivered is null
        and joined.n_permanent_from_rows = 0 as is_permanent_unreadable
    from joined
    left join years_with_rows
        on joined.academic_year_start = years_with_rows.academic_year_start
)

select * from final
