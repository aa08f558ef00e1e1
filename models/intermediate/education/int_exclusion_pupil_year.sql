with compared as (
    select * from {{ ref('int_exclusion_compared') }}
),

-- Only some suspensions before 2005/06 are delivered, so their number is unknown. That
-- a file has no single exclusion of a kind does not mean 0 for the pupil: only a
-- delivered 0 does, or a census, which the models that read this one know.
answered as (
    select
        *,
        case
            when academic_year_start >= 2005 and not is_suspensions_unreadable
                then
                    coalesce(
                        n_suspensions_delivered, nullif(n_suspensions_from_rows, 0)
                    )
        end as n_suspensions,
        case
            when academic_year_start >= 2005 and not is_suspensions_unreadable
                then
                    coalesce(
                        suspension_sessions_delivered,
                        case
                            when n_suspensions_from_rows > 0
                                then suspension_sessions_from_rows
                            when n_suspensions_delivered = 0 then 0
                        end
                    )
        end as suspension_sessions,
        coalesce(
            nullif(n_permanent_from_rows, 0), n_permanent_delivered
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
        cast(n_suspensions_from_rows as integer) as n_suspensions_from_rows,
        cast(suspension_sessions_from_rows as integer) as suspension_sessions_from_rows,
        cast(n_suspensions_delivered as integer) as n_suspensions_delivered,
        cast(suspension_sessions_delivered as integer) as suspension_sessions_delivered,
        cast(n_permanent_exclusions as integer) as n_permanent_exclusions,
        first_permanent_exclusion_date,
        is_disputed
        or coalesce(n_suspensions_from_rows <> n_suspensions_delivered, false)
        or coalesce(
            suspension_sessions_from_rows <> suspension_sessions_delivered, false
        ) as is_total_disputed,
        -- An indicator says whether there was one, not how many.
        is_permanent_disputed
        or (
            has_rows
            and coalesce(
                n_permanent_from_rows <> n_permanent_counted,
                (n_permanent_from_rows > 0) <> (n_permanent_delivered > 0),
                false
            )
        ) as is_permanent_disputed,
        coalesce(suspension_sessions > 90, false) as is_over_legal_maximum,
        is_suspensions_unreadable,
        is_permanent_unreadable
    from answered
)

select * from final
