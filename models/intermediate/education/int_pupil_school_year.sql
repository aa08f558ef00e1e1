{{ config(materialized='view') }}
with census as (
    select * from {{ without_catalog(ref('int_census_pupil_year')) }}
),

absence as (
    select * from {{ without_catalog(ref('int_absence_pupil_year')) }}
),

exclusions as (
    select * from {{ without_catalog(ref('int_exclusion_pupil_year')) }}
),

ks4 as (
    select * from {{ without_catalog(ref('int_ks4_pupil')) }}
),

-- Only excluded pupils and those at the end of key stage 4: far fewer than all pupils.
events as (
    select
        coalesce(exclusions.pupil_id, ks4.pupil_id) as pupil_id,
        coalesce(exclusions.academic_year_start, ks4.academic_year_start)
            as academic_year_start,
        exclusions.year_group,
        exclusions.n_suspensions,
        exclusions.suspension_sessions,
        exclusions.n_permanent_exclusions,
        exclusions.is_suspensions_unreadable,
        exclusions.is_permanent_unreadable,
        ks4.pupil_id is not null as is_end_of_ks4
    from exclusions
    full outer join ks4
        on
            exclusions.pupil_id = ks4.pupil_id
            and exclusions.academic_year_start = ks4.academic_year_start
),

in_school as (
    select
        coalesce(census.pupil_id, absence.pupil_id) as pupil_id,
        coalesce(census.academic_year_start, absence.academic_year_start)
            as academic_year_start,
        coalesce(census.year_group, absence.year_group) as year_group,
        census.pupil_id is not null as is_in_census,
        census.local_authority_code,
        census.home_local_authority_code,
        census.deprivation_decile,
        census.is_free_meals,
        census.is_ever_free_meals,
        census.sen_code,
        absence.sessions_possible,
        absence.sessions_authorised,
        absence.sessions_unauthorised,
        absence.is_over_legal_maximum
    from census
    full outer join absence
        on
            census.pupil_id = absence.pupil_id
            and census.academic_year_start = absence.academic_year_start
),

final as (
    select
        coalesce(in_school.pupil_id, events.pupil_id) as pupil_id,
        coalesce(in_school.academic_year_start, events.academic_year_start)
            as academic_year_start,
        coalesce(in_school.year_group, events.year_group) as year_group,
        coalesce(in_school.is_in_census, false) as is_in_census,
        coalesce(events.is_end_of_ks4, false) as is_end_of_ks4,
        in_school.local_authority_code,
        in_school.home_local_authority_code,
        in_school.deprivation_decile,
        in_school.is_free_meals,
        in_school.is_ever_free_meals,
        in_school.sen_code,
        in_school.sessions_possible,
        in_school.sessions_authorised,
        in_school.sessions_unauthorised,
        in_school.is_over_legal_maximum,
        events.n_suspensions,
        events.suspension_sessions,
        events.n_permanent_exclusions,
        coalesce(events.is_suspensions_unreadable, false) as is_suspensions_unreadable,
        coalesce(events.is_permanent_unreadable, false) as is_permanent_unreadable
    from in_school
    full outer join events
        on
            in_school.pupil_id = events.pupil_id
            and in_school.academic_year_start = events.academic_year_start
)

select * from final
