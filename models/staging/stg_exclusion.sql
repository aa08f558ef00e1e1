{%- set columns = [
    ('pupil_id', 'PupilMatchingRefAnonymous', 'identifier'),
    ('moj_uid', 'MoJUID', 'identifier'),
    ('academic_year_start', 'AcademicYear', 'academic year'),
    ('reporting_academic_year_start', 'ReportingAcademicYear', 'academic year'),
    ('census_date', 'CensusDate', 'date'),
    ('category_code', 'Category', 'code'),
    ('permanent_exclusion_code', 'PermanentExclusionInd', 'code'),
    ('start_date', 'StartDate', 'date'),
    ('sessions', 'Sessions', 'sessions'),
    ('reason_code', 'Reason', 'code'),
    ('reason_a_code', 'Reason_A', 'code'),
    ('reason_b_code', 'Reason_B', 'code'),
    ('reason_c_code', 'Reason_C', 'code'),
    ('term_code', 'Term', 'code'),
    ('is_permanent_duplicate', 'Perm_Duplicate', 'flag'),
    ('enrolment_status_code', 'EnrolStatus', 'code'),
    ('nc_year_code', 'NCYear', 'year group'),
    ('sen_code', 'SENprovision', 'code'),
    ('local_authority_code', 'LA', 'code'),
    ('school_id', 'LAEstab', 'code'),
    ('total_fixed_exclusions', 'TotalFixedExclusions', 'exclusions'),
    ('total_fixed_sessions', 'TotalFixedSessions', 'sessions'),
    ('is_permanently_excluded', 'PermanentExclusionIndicator', 'flag'),
    ('n_permanent_exclusions', 'PermanentExclusionCount', 'permanent exclusions'),
    ('n_enrolments', 'NumberOfEnrolments', 'schools'),
] -%}
{%- set ranges = exclusion_ranges() -%}
{%- set year_start = exclusion_year_start() -%}
with checked as {{ computed_once() }} (
    {{ checked_texts(source('raw', 'exclusion'), columns, ranges) }}
),

final as (
    select
        {{ identifier('exclusion.pupilmatchingrefanonymous', 'pupil_id') }} as pupil_id,
        {{ identifier('exclusion.mojuid', 'moj_uid') }} as moj_uid,
        {{ academic_year_label(year_start) }} as academic_year,
        {{ year_start }} as academic_year_start,
        {{ year_start }} + 1 as academic_year_end,
        reporting_academic_year_start.integer_value as reporting_academic_year_start,
        census_date.date_value as census_date,
        category_code.text_value as category_code,
        permanent_exclusion_code.text_value as permanent_exclusion_code,
        start_date.date_value as start_date,
        sessions.integer_value as sessions,
        coalesce(reason_code.text_value, reason_a_code.text_value) as reason_code,
        reason_b_code.text_value as reason_b_code,
        reason_c_code.text_value as reason_c_code,
        term_code.text_value as term_code,
        is_permanent_duplicate.flag_value as is_permanent_duplicate,
        enrolment_status_code.text_value as enrolment_status_code,
        nc_year_code.text_value as nc_year_code,
        sen_code.text_value as sen_code,
        local_authority_code.text_value as local_authority_code,
        school_id.text_value as school_id,
        total_fixed_exclusions.integer_value as total_fixed_exclusions,
        total_fixed_sessions.integer_value as total_fixed_sessions,
        is_permanently_excluded.flag_value as is_permanently_excluded,
        n_permanent_exclusions.integer_value as n_permanent_exclusions,
        n_enrolments.integer_value as n_enrolments,
        -- Only the wide layout has these columns.
        coalesce(
            exclusion.totalfixedexclusions,
            exclusion.totalfixedsessions,
            exclusion.permanentexclusionindicator,
            exclusion.permanentexclusioncount,
            exclusion.numberofenrolments
            {%- for number in range(1, exclusion_slots() + 1) %},
            exclusion.category_{{ number }}, exclusion.startdate_{{ number }}
            {%- endfor %}
        ) is not null as is_wide_row,
        pupil_id.issue as pupil_id_issue,
        moj_uid.issue as moj_uid_issue,
        {{ exclusion_year_issue() }} as academic_year_start_issue,
        reporting_academic_year_start.issue as reporting_academic_year_start_issue,
        census_date.issue as census_date_issue,
        start_date.issue as start_date_issue,
        sessions.issue as sessions_issue,
        is_permanent_duplicate.issue as is_permanent_duplicate_issue,
        total_fixed_exclusions.issue as total_fixed_exclusions_issue,
        total_fixed_sessions.issue as total_fixed_sessions_issue,
        is_permanently_excluded.issue as is_permanently_excluded_issue,
        n_permanent_exclusions.issue as n_permanent_exclusions_issue,
        n_enrolments.issue as n_enrolments_issue,
        exclusion._source_file,
        exclusion._source_line,
        exclusion._source_row
    from {{ source('raw', 'exclusion') }} as exclusion
    {{ join_readings('exclusion', 'checked', columns, ranges) }}
)

select * from final
