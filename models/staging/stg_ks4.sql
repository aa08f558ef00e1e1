{%- set columns = [
    ('pupil_id', 'KS4_PupilMatchingRefAnonymous', 'identifier'),
    ('moj_uid', 'MoJUID', 'identifier'),
    ('academic_year_start', 'KS4_ACADYR', 'academic year'),
    ('is_end_of_ks4', 'KS4_ENDKS', 'flag'),
    ('nc_year_code', 'KS4_ACTYRGRP', 'year group'),
    ('year_group_by_age', 'KS4_YEARGRP', 'two digits'),
    ('norflage', 'KS4_NORFLAGE', 'two digits'),
    ('is_in_school_results', 'KS4_SCHRES', 'flag'),
    ('is_in_authority_results', 'KS4_LARES', 'flag'),
    ('is_in_national_results', 'KS4_NATRES', 'flag'),
    ('is_in_state_funded_results', 'KS4_NATMTDRES', 'flag'),
    ('school_type_code', 'KS4_NFTYPE', 'code'),
    ('school_id', 'KS4_LAESTAB', 'code'),
    ('school_urn', 'KS4_URN', 'code'),
    ('year_of_birth', 'KS4_YEAROFBIRTH', 'calendar year'),
    ('month_of_birth', 'KS4_MONTHOFBIRTH', 'month'),
    ('gender_code', 'KS4_GENDER', 'code'),
    ('deprivation_score', 'KS4_IDACI', 'deprivation score'),
    ('is_free_meals', 'KS4_FSM', 'flag'),
    ('is_free_meals_6_years', 'KS4_FSM6', 'flag'),
    ('is_looked_after_6_months', 'KS4_CLA_6_MONTHS', 'flag'),
    ('is_looked_after_12_months', 'KS4_CLA_12_MONTHS', 'flag'),
    ('sen_code', 'KS4_SENF', 'code'),
] + ks4_measure_columns() -%}
{#- 99 says that no year group follows from the date of birth. -#}
{%- set ranges = {
    'month': (1, 12), 'two digits': (0, 99), 'deprivation score': (0, 100),
    'calendar year': plausible_birth_years()
} -%}
{%- do ranges.update(ks4_ranges()) -%}
with checked as {{ computed_once() }} (
    {{ checked_texts(source('raw', 'ks4'), columns, ranges) }}
),

final as (
    select
        {{ identifier('ks4.KS4_PupilMatchingRefAnonymous', 'pupil_id') }} as pupil_id,
        {{ identifier('ks4.MoJUID', 'moj_uid') }} as moj_uid,
        {{ academic_year_label('academic_year_start.integer_value') }} as academic_year,
        academic_year_start.integer_value as academic_year_start,
        academic_year_start.integer_value + 1 as academic_year_end,
        is_end_of_ks4.flag_value as is_end_of_ks4,
        nc_year_code.text_value as nc_year_code,
        year_group_by_age.integer_value as year_group_by_age,
        norflage.integer_value as norflage,
        is_in_school_results.flag_value as is_in_school_results,
        is_in_authority_results.flag_value as is_in_authority_results,
        is_in_national_results.flag_value as is_in_national_results,
        is_in_state_funded_results.flag_value as is_in_state_funded_results,
        school_type_code.text_value as school_type_code,
        school_id.text_value as school_id,
        school_urn.text_value as school_urn,
        year_of_birth.integer_value as year_of_birth,
        month_of_birth.integer_value as month_of_birth,
        gender_code.text_value as gender_code,
        deprivation_score.number_value as deprivation_score,
        is_free_meals.flag_value as is_free_meals,
        is_free_meals_6_years.flag_value as is_free_meals_6_years,
        is_looked_after_6_months.flag_value as is_looked_after_6_months,
        is_looked_after_12_months.flag_value as is_looked_after_12_months,
        sen_code.text_value as sen_code,
        {%- for name, _, kind in ks4_measure_columns() %}
        {{ name }}.{{ 'flag' if kind == 'flag' else 'number' }}_value as {{ name }},
        {%- endfor %}
        pupil_id.issue as pupil_id_issue,
        moj_uid.issue as moj_uid_issue,
        academic_year_start.issue as academic_year_start_issue,
        is_end_of_ks4.issue as is_end_of_ks4_issue,
        norflage.issue as norflage_issue,
        year_group_by_age.issue as year_group_by_age_issue,
        is_in_school_results.issue as is_in_school_results_issue,
        is_in_authority_results.issue as is_in_authority_results_issue,
        is_in_national_results.issue as is_in_national_results_issue,
        is_in_state_funded_results.issue as is_in_state_funded_results_issue,
        year_of_birth.issue as year_of_birth_issue,
        month_of_birth.issue as month_of_birth_issue,
        deprivation_score.issue as deprivation_score_issue,
        is_free_meals.issue as is_free_meals_issue,
        is_free_meals_6_years.issue as is_free_meals_6_years_issue,
        is_looked_after_6_months.issue as is_looked_after_6_months_issue,
        is_looked_after_12_months.issue as is_looked_after_12_months_issue,
        {%- for name, _, _ in ks4_measure_columns() %}
        {{ name }}.issue as {{ name }}_issue,
        {%- endfor %}
        ks4._source_file,
        ks4._source_line,
        ks4._source_row
    from {{ source('raw', 'ks4') }} as ks4
    {{ join_readings('ks4', 'checked', columns, ranges) }}
)

select * from final
