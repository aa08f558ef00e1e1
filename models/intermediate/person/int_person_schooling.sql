with pupils as (
    select * from {{ ref('int_pupil') }}
),

exclusions as (
    select * from {{ ref('int_exclusion_pupil_year') }}
),

pupil_years as (
    select * from {{ ref('int_pupil_school_year') }}
),

exclusion_years as (
    {{ exclusion_years('exclusions') }}
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
        pupil_years.sessions_possible,
        pupil_years.sessions_unauthorised,
        -- A year over the legal maximum of sessions, or without a possible session,
        -- does not show absence.
        pupil_years.sessions_possible > 0
        and pupil_years.sessions_unauthorised is not null
        and not coalesce(pupil_years.is_over_legal_maximum, false)
            as is_absence_observed,
        coalesce(
            pupil_years.year_group,
            {{ age_in('pupil_years.academic_year_start', 8, 'pupils') }} - 4
        ) between 7 and 11 as is_secondary,
        case
            when pupil_years.n_suspensions is not null then pupil_years.n_suspensions
            when {{ observes_suspensions('pupil_years', 'exclusion_years') }} then 0
        end as n_suspensions_seen,
        case when pupil_years.n_suspensions > 0 then pupil_years.suspension_sessions end
            as sessions_suspended,
        case
            when pupil_years.n_permanent_exclusions is not null
                then pupil_years.n_permanent_exclusions
            when
                {{ observes_permanent_exclusions('pupil_years', 'exclusion_years') }}
                then 0
        end as n_permanent_exclusions_seen
    from pupil_years
    inner join pupils on pupil_years.pupil_id = pupils.pupil_id
    left join exclusion_years
        on pupil_years.academic_year_start = exclusion_years.academic_year_start
),

{% set secondary = 'filter (where is_secondary)' -%}
{% set observed = 'filter (where is_secondary and is_absence_observed)' -%}
summed as (
    select
        pupil_id,
        cast(count(*) {{ observed }} as integer) as n_secondary_years_observed,
        cast(sum(sessions_possible) {{ observed }} as integer)
            as sessions_possible_secondary,
        cast(sum(sessions_unauthorised) {{ observed }} as integer)
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
