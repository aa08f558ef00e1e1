with absence as (
    select * from {{ ref('int_absence_row') }}
),

repeated_rows as (
    select * from {{ ref('int_absence_repeated_row') }}
),

several as (
    select
        pupil_id,
        academic_year,
        academic_year_start,
        academic_year_end,
        coalesce(
            max(year_group) filter (where is_main_record), max(year_group)
        ) as year_group,
        cast(count(*) as integer) as n_enrolments,
        cast(count(*) filter (where has_known_sessions) as integer)
            as n_enrolments_with_sessions,
        cast(sum(n_copies) as integer) as n_absence_rows,
        cast(
            sum(delivered_possible) filter (where has_known_sessions) as integer
        ) as sessions_possible,
        -- One enrolment of which it is not known leaves the sum unknown.
        cast(
            case
                when
                    count(delivered_authorised) filter (where has_known_sessions)
                    = count(*) filter (where has_known_sessions)
                    then sum(delivered_authorised) filter (where has_known_sessions)
            end as integer
        ) as sessions_authorised,
        cast(
            sum(delivered_unauthorised) filter (where has_known_sessions) as integer
        ) as sessions_unauthorised,
        cast(
            sum(delivered_unauthorised) filter (
                where has_known_sessions and is_main_record
            ) as integer
        ) as sessions_unauthorised_main_record
    from repeated_rows
    group by pupil_id, academic_year, academic_year_start, academic_year_end
),

-- Most pupils have one row in a year, so nothing has to be added up.
single as (
    select
        absence.pupil_id,
        absence.academic_year,
        absence.academic_year_start,
        absence.academic_year_end,
        absence.year_group,
        1 as n_enrolments,
        cast(absence.has_known_sessions as integer) as n_enrolments_with_sessions,
        1 as n_absence_rows,
        case when absence.has_known_sessions then absence.delivered_possible end
            as sessions_possible,
        case when absence.has_known_sessions then absence.delivered_authorised end
            as sessions_authorised,
        case when absence.has_known_sessions then absence.delivered_unauthorised end
            as sessions_unauthorised,
        case
            when absence.has_known_sessions and absence.is_main_record
                then absence.delivered_unauthorised
        end as sessions_unauthorised_main_record
    from absence
    left join several
        on
            absence.pupil_id = several.pupil_id
            and absence.academic_year = several.academic_year
    where several.pupil_id is null
),

pupil_years as (
    select * from several
    union all
    select * from single
),

-- The legal maximum is 210 school days of two sessions in a year.
final as (
    select
        *,
        coalesce(sessions_possible > 420, false) as is_over_legal_maximum
    from pupil_years
)

select * from final
