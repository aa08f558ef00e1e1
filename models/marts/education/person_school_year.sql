with pupil_years as (
    select * from {{ ref('int_pupil_school_year') }}
),

exclusions as (
    select * from {{ ref('int_exclusion_pupil_year') }}
),

census as (
    select * from {{ ref('int_census_record') }}
),

pupils as (
    select * from {{ ref('int_pupil') }}
),

authorities as (
    select * from {{ ref('local_authority') }}
),

sen_provisions as (
    select * from {{ ref('sen_provision') }}
),

census_years as (
    select distinct academic_year_start
    from census
),

exclusion_years as (
    {{ exclusion_years('exclusions') }}
),

-- The pupils to whom the census of 2005/06 gives no year group: a pupil aged 11 on 31
-- August is in year 7. In the other years the age makes no difference.
aged as (
    select
        census.pupil_id,
        census.academic_year_start,
        {{ age_in('census.academic_year_start', 8, 'pupils') }} - 4 as year_group
    from census
    inner join pupils on census.pupil_id = pupils.pupil_id
    where census.academic_year_start = 2005 and census.year_group is null
),

-- No row means no exclusion only for a pupil who was in a census of a delivered year.
-- Suspensions in primary and special schools were first collected in 2006/07.
observed as (
    select
        pupil_years.*,
        case
            when census_years.academic_year_start is not null
                then pupil_years.is_in_census
        end as in_census,
        {{ observes_suspensions('pupil_years', 'exclusion_years') }}
        and coalesce(
            pupil_years.academic_year_start >= 2006
            or coalesce(pupil_years.year_group, aged.year_group) >= 7,
            false
        ) as has_observed_suspensions,
        {{ observes_permanent_exclusions('pupil_years', 'exclusion_years') }}
            as has_observed_permanent_exclusions
    from pupil_years
    left join census_years
        on pupil_years.academic_year_start = census_years.academic_year_start
    left join exclusion_years
        on pupil_years.academic_year_start = exclusion_years.academic_year_start
    left join aged
        on
            pupil_years.pupil_id = aged.pupil_id
            and pupil_years.academic_year_start = aged.academic_year_start
),

final as (
    select
        observed.pupil_id,
        {{ academic_year_label('observed.academic_year_start') }} as academic_year,
        observed.academic_year_start,
        observed.academic_year_start + 1 as academic_year_end,
        observed.year_group,
        observed.in_census,
        observed.is_end_of_ks4,
        observed.sessions_possible,
        observed.sessions_authorised,
        observed.sessions_unauthorised,
        case
            when not observed.is_over_legal_maximum
                then
                    100 * cast(observed.sessions_unauthorised as double)
                    / observed.sessions_possible
        end as percent_unauthorised,
        case
            when observed.n_suspensions is not null then observed.n_suspensions
            when observed.has_observed_suspensions then 0
        end as n_suspensions,
        case
            when observed.n_suspensions is not null or observed.suspension_sessions > 0
                then observed.suspension_sessions
            when observed.has_observed_suspensions then 0
        end as suspension_sessions,
        case
            when observed.n_permanent_exclusions is not null
                then observed.n_permanent_exclusions
            when observed.has_observed_permanent_exclusions then 0
        end as n_permanent_exclusions,
        observed.local_authority_code,
        observed.home_local_authority_code,
        authorities.label as home_local_authority_label,
        observed.deprivation_decile,
        observed.is_free_meals,
        observed.is_ever_free_meals,
        observed.sen_code,
        sen_provisions.sen_group
    from observed
    left join authorities on observed.home_local_authority_code = authorities.code
    left join sen_provisions on observed.sen_code = sen_provisions.code
)

select * from final
