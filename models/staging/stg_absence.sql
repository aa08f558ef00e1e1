{%- set columns = [
    ('pupil_id', 'PupilMatchingRefAnonymous', 'identifier'),
    ('moj_uid', 'MoJUID', 'identifier'),
    ('academic_year_start', 'AcademicYear', 'academic year'),
    ('is_main_record', 'MainRecord', 'flag'),
    ('enrolment_status_code', 'EnrolStatus', 'code'),
    ('nc_year_code', 'NCyearActual', 'year group'),
    ('local_authority_code', 'LA', 'code'),
    ('school_id', 'LAEstab', 'code'),
    ('phase_code', 'Phase', 'code'),
    ('age_at_start_of_year', 'AgeAtStartOfAcademicYear', 'age'),
    ('is_free_meals', 'FSMeligible', 'flag'),
    ('sen_code', 'SENprovision', 'code'),
    ('ethnic_group_major_code', 'EthnicGroupMajor', 'code'),
    ('deprivation_score', 'IDACI_S', 'deprivation score'),
] + absence_session_columns() -%}
{#- No school year has that many. More than 420, the legal most, is counted later. -#}
{%- set ranges = {
    'age': (0, 25), 'sessions': (0, 999), 'deprivation score': (0, 100)
} -%}
{%- set year_start = school_year_start(
    'absence._suffix_year', 'academic_year_start'
) %}
with checked as {{ computed_once() }} (
    {{ checked_texts(source('raw', 'absence'), columns, ranges) }}
),

final as (
    select
        {{ identifier('absence.PupilMatchingRefAnonymous', 'pupil_id') }} as pupil_id,
        {{ identifier('absence.MoJUID', 'moj_uid') }} as moj_uid,
        {{ academic_year_label(year_start) }} as academic_year,
        {{ year_start }} as academic_year_start,
        {{ year_start }} + 1 as academic_year_end,
        is_main_record.flag_value as is_main_record,
        enrolment_status_code.text_value as enrolment_status_code,
        nc_year_code.text_value as nc_year_code,
        local_authority_code.text_value as local_authority_code,
        school_id.text_value as school_id,
        phase_code.text_value as phase_code,
        age_at_start_of_year.integer_value as age_at_start_of_year,
        is_free_meals.flag_value as is_free_meals,
        sen_code.text_value as sen_code,
        ethnic_group_major_code.text_value as ethnic_group_major_code,
        deprivation_score.number_value as deprivation_score,
        {%- for name, _, _ in absence_session_columns() %}
        {{ name }}.integer_value as {{ name }},
        {%- endfor %}
        pupil_id.issue as pupil_id_issue,
        moj_uid.issue as moj_uid_issue,
        {{ school_year_issue('absence._suffix_year', 'academic_year_start') }}
            as academic_year_start_issue,
        is_main_record.issue as is_main_record_issue,
        age_at_start_of_year.issue as age_at_start_of_year_issue,
        is_free_meals.issue as is_free_meals_issue,
        deprivation_score.issue as deprivation_score_issue,
        {%- for name, _, _ in absence_session_columns() %}
        {{ name }}.issue as {{ name }}_issue,
        {%- endfor %}
        absence._source_file,
        absence._source_line,
        absence._source_row
    from {{ source('raw', 'absence') }} as absence
    {{ join_readings('absence', 'checked', columns, ranges) }}
)

select * from final
