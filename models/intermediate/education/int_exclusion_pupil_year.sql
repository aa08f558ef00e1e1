with from_rows as (
    select * from {{ ref('int_exclusion_counted') }}
),

totals as (
    select * from {{ ref('int_exclusion_total') }}
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
        coalesce(from_rows.n_suspensions, 0) as n_of_rows,
        case when from_rows.pupil_id is null then 0 else from_rows.sessions end
            as sessions_of_rows,
        coalesce(from_rows.n_permanent, 0) as n_permanent_of_rows,
        from_rows.first_permanent_exclusion_date,
        totals.n_suspensions as n_delivered,
        totals.sessions as sessions_delivered,
        totals.n_permanent as n_permanent_delivered,
        totals.n_permanent_counted,
        years_with_rows.academic_year_start is not null as has_rows,
        coalesce(years_with_rows.has_suspension_rows, false) as has_suspension_rows,
        coalesce(totals.is_disputed, false) as is_disputed,
        coalesce(totals.is_permanent_disputed, false) as is_permanent_disputed,
        coalesce(totals.has_unreadable_total, false) as has_unreadable_total,
        coalesce(totals.has_unreadable_permanent, false) as has_unreadable_permanent
    from from_rows
    full outer join totals
        on
            from_rows.pupil_id = totals.pupil_id
            and from_rows.academic_year_start = totals.academic_year_start
    left join years_with_rows
        on
            coalesce(from_rows.academic_year_start, totals.academic_year_start)
            = years_with_rows.academic_year_start
),

-- Only some suspensions before 2005/06 are delivered, so their number is not known. A
-- number that cannot be read is no 0 where the rows show none either.
compared as (
    select
        *,
        has_unreadable_total and n_delivered is null and n_of_rows = 0
            as is_suspensions_unreadable,
        has_unreadable_permanent
        and n_permanent_delivered is null
        and n_permanent_of_rows = 0 as is_permanent_unreadable,
        academic_year_start >= 2005 as has_suspensions,
        case when has_suspension_rows then n_of_rows end as n_from_rows,
        case when has_suspension_rows then sessions_of_rows end as sessions_from_rows
    from joined
),

answered as (
    select
        *,
        case
            when has_suspensions and not is_suspensions_unreadable
                then coalesce(n_delivered, n_from_rows)
        end as n_suspensions,
        case
            when has_suspensions and not is_suspensions_unreadable
                then coalesce(sessions_delivered, sessions_from_rows)
        end as suspension_sessions,
        coalesce(
            nullif(n_permanent_of_rows, 0),
            n_permanent_delivered,
            case when has_rows and not is_permanent_unreadable then 0 end
        ) as n_permanent_exclusions
    from compared
),

final as (
    select
        pupil_id,
        {{ academic_year_label('academic_year_start') }} as academic_year,
        academic_year_start,
        academic_year_start + 1 as academic_year_end,
        year_group,
        cast(n_suspensions as integer) as n_suspensions,
        cast(suspension_sessions as integer) as suspension_sessions,
        cast(n_from_rows as integer) as n_suspensions_from_rows,
        cast(sessions_from_rows as integer) as suspension_sessions_from_rows,
        cast(n_delivered as integer) as n_suspensions_delivered,
        cast(sessions_delivered as integer) as suspension_sessions_delivered,
        cast(n_permanent_exclusions as integer) as n_permanent_exclusions,
        first_permanent_exclusion_date,
        is_disputed
        or coalesce(n_from_rows <> n_delivered, false)
        or coalesce(sessions_from_rows <> sessions_delivered, false)
            as is_total_disputed,
        -- An indicator says whether there was one, not how many.
        is_permanent_disputed
        or (
            has_rows
            and coalesce(
                n_permanent_of_rows <> n_permanent_counted,
                (n_permanent_of_rows > 0) <> (n_permanent_delivered > 0),
                false
            )
        ) as is_permanent_disputed,
        coalesce(suspension_sessions > 90, false) as is_over_legal_maximum,
        is_suspensions_unreadable,
        is_permanent_unreadable
    from answered
)

select * from final
