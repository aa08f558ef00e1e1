with pupils as (
    select * from {{ ref('int_pupil') }}
),

exclusions as (
    select * from {{ ref('int_exclusion_pupil_year') }}
),

-- A year over the legal maximum of sessions, or without a possible session, does not
-- show absence. Its year group is still used.
pupil_years as (
    select
        *,
        coalesce(
            sessions_possible > 0
            and sessions_unauthorised is not null
            and not coalesce(is_over_legal_maximum, false),
            false
        ) as is_absence_observed
    from {{ ref('int_pupil_school_year') }}
),

-- A year in which nobody has an exclusion was not delivered, even if a file of it came.
-- Some files list permanent exclusions alone, as all do before 2005/06.
exclusion_years as (
    select
        academic_year_start,
        coalesce(max(n_suspensions) > 0, false) as has_suspensions
    from exclusions
    group by academic_year_start
),

first_exclusions as (
    select
        pupil_id,
        min(first_permanent_exclusion_date) as first_permanent_exclusion_date
    from exclusions
    group by pupil_id
),

-- Where no source gives a year group, the birth does: a pupil aged 11 on 31 August
-- before the year is in year 7. A pupil without a row had no exclusion only if the
-- pupil is in the census, in a year with delivered exclusions.
placed as (
    select
        pupil_years.pupil_id,
        case when pupil_years.is_absence_observed then pupil_years.sessions_possible end
            as sessions_possible,
        case
            when pupil_years.is_absence_observed then pupil_years.sessions_unauthorised
        end as sessions_unauthorised,
        coalesce(
            pupil_years.year_group,
            {{ age_in('pupil_years.academic_year_start', 8, 'pupils') }} - 4
        ) between 7 and 11 as is_secondary,
        case
            when pupil_years.n_suspensions is not null then pupil_years.n_suspensions
            when pupil_years.is_suspensions_unreadable then null
            when pupil_years.is_in_census and exclusion_years.has_suspensions then 0
        end as n_suspensions_seen,
        case when pupil_years.n_suspensions > 0 then pupil_years.suspension_sessions end
            as sessions_suspended,
        case
            when pupil_years.n_permanent_exclusions is not null
                then pupil_years.n_permanent_exclusions
            when pupil_years.is_permanent_unreadable then null
            when
                pupil_years.is_in_census
                and exclusion_years.academic_year_start is not null
                then 0
        end as n_permanent_exclusions_seen
    from pupil_years
    inner join pupils on pupil_years.pupil_id = pupils.pupil_id
    left join exclusion_years
        on pupil_years.academic_year_start = exclusion_years.academic_year_start
),

{% set secondary = 'filter (where is_secondary)' -%}
summed as (
    select
        pupil_id,
        cast(count(sessions_possible) {{ secondary }} as integer)
            as n_secondary_years_observed,
        cast(sum(sessions_possible) {{ secondary }} as integer)
            as sessions_possible_secondary,
        cast(sum(sessions_unauthorised) {{ secondary }} as integer)
            as unauthorised_sessions_secondary,
        cast(count(n_suspensions_seen) {{ secondary }} as integer)
            as n_secondary_years_suspensions_observed,
        cast(sum(n_suspensions_seen) {{ secondary }} as integer)
            as n_suspensions_secondary,
        -- One year with unknown sessions makes the sum unknown.
        cast(
            case
                when
                    coalesce(bool_or(
                        n_suspensions_seen > 0 and sessions_suspended is null
                    ) {{ secondary }}, false)
                    then null
                when count(n_suspensions_seen) {{ secondary }} > 0
                    then coalesce(sum(sessions_suspended) {{ secondary }}, 0)
            end as integer
        ) as suspension_sessions_secondary,
        cast(sum(n_permanent_exclusions_seen) as integer) as n_permanent_exclusions
    from placed
    group by pupil_id
),

final as (
    select
        summed.*,
        first_exclusions.first_permanent_exclusion_date
    from summed
    left join first_exclusions on summed.pupil_id = first_exclusions.pupil_id
)

select * from final
