{%- set columns = [
    ('pupil_id', 'PupilMatchingRefAnonymous', 'identifier'),
    ('moj_uid', 'MoJUID', 'identifier'),
    ('academic_year_start', 'AcademicYear', 'academic year'),
    ('reporting_academic_year_start', 'ReportingAcademicYear', 'academic year'),
    ('census_date', 'CensusDate', 'date'),
    ('category_code', 'slot_category', 'code'),
    ('start_date', 'slot_startdate', 'date'),
    ('sessions', 'slot_sessions', 'sessions'),
    ('reason_code', 'slot_reason', 'code'),
    ('reason_b_code', 'slot_reason_b', 'code'),
    ('reason_c_code', 'slot_reason_c', 'code'),
    ('term_code', 'slot_term', 'code'),
    ('nc_year_code', 'slot_ncyear', 'year group'),
    ('school_id', 'LAEstab', 'code'),
] -%}
{%- set ranges = exclusion_ranges() -%}
{%- set year_start = exclusion_year_start() -%}
{%- set cells = 'slot_' ~ exclusion_slot_columns() | join(', slot_') -%}
-- A row of the wide layout holds up to 40 exclusions side by side. Here each is a row.
with exclusions as {{ computed_once() }} (
    select
        pupilmatchingrefanonymous,
        mojuid,
        academicyear,
        reportingacademicyear,
        censusdate,
        laestab,
        {{ cells }},
        cast(substr(slot, 6) as integer) as slot_number,
        _suffix_year,
        _source_file,
        _source_line,
        _source_row
    from {{ numbered_groups(
        source('raw', 'exclusion'), exclusion_slot_columns(), exclusion_slots()
    ) }}
    where coalesce({{ cells }}) is not null
),

checked as {{ computed_once() }} (
    {{ checked_texts('exclusions', columns, ranges) }}
),

read as (
    select
        {{ identifier('exclusion.pupilmatchingrefanonymous', 'pupil_id') }} as pupil_id,
        {{ identifier('exclusion.mojuid', 'moj_uid') }} as moj_uid,
        {{ academic_year_label(year_start) }} as academic_year,
        {{ year_start }} as academic_year_start,
        {{ year_start }} + 1 as academic_year_end,
        reporting_academic_year_start.integer_value as reporting_academic_year_start,
        exclusion.slot_number,
        category_code.text_value as category_code,
        start_date.date_value as start_date,
        sessions.integer_value as sessions,
        reason_code.text_value as reason_code,
        reason_b_code.text_value as reason_b_code,
        reason_c_code.text_value as reason_c_code,
        term_code.text_value as term_code,
        nc_year_code.text_value as nc_year_code,
        school_id.text_value as school_id,
        start_date.issue as start_date_issue,
        sessions.issue as sessions_issue,
        exclusion._source_file,
        exclusion._source_line,
        exclusion._source_row
    from exclusions as exclusion
    {{ join_readings('exclusion', 'checked', columns, ranges) }}
),

-- A group of which every cell has a word for "missing" is not an exclusion.
final as (
    select *
    from read
    where
        coalesce(
            category_code,
            cast(start_date as string),
            cast(sessions as string),
            reason_code,
            reason_b_code,
            reason_c_code,
            term_code,
            nc_year_code,
            start_date_issue,
            sessions_issue
        ) is not null
)

select * from final
