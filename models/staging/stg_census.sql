{%- set columns = [
    ('pupil_id', 'PupilMatchingRefAnonymous', 'identifier'),
    ('moj_uid', 'MoJUID', 'identifier'),
    ('academic_year_start', 'AcademicYear', 'academic year'),
    ('record_status', 'RecordStatus', 'record status'),
    ('census_date', 'CensusDate', 'date'),
    ('is_on_roll', 'OnRoll', 'flag'),
    ('enrolment_status_code', 'EnrolStatus', 'code'),
    ('nc_year_code', 'NCyearActual', 'year group'),
    ('year_of_birth', 'YearOfBirth', 'calendar year'),
    ('month_of_birth', 'MonthOfBirth', 'month'),
    ('age_at_start_of_year', 'AgeAtStartOfAcademicYear', 'age'),
    ('gender_code', 'Gender', 'code'),
    ('ethnic_group_major_code', 'EthnicGroupMajor', 'code'),
    ('ethnic_group_minor_code', 'EthnicGroupMinor', 'code'),
    ('is_free_meals', 'FSMeligible', 'flag'),
    ('is_free_meals_6_years', 'EVERFSM_6', 'flag'),
    ('is_free_meals_6_years_premium', 'EVERFSM_6_P', 'flag'),
    ('is_ever_free_meals', 'EVERFSM_ALL', 'flag'),
    ('sen_code', 'SENprovision', 'code'),
    ('sen_group_code', 'SENprovisionMajor', 'code'),
    ('primary_sen_type_code', 'PrimarySENtype', 'code'),
    ('local_authority_code', 'LA', 'code'),
    ('local_authority_ons_code', 'LA_9Code', 'code'),
    ('home_local_authority_code', 'HomeLA', 'code'),
    ('home_local_authority_ons_code', 'HomeLA_9Code', 'code'),
    ('school_urn', 'URN', 'code'),
    ('deprivation_score', 'IDACIScore', 'deprivation score'),
    ('deprivation_rank', 'IDACIRank', 'area rank'),
    ('deprivation_decile', 'IDACIdecile', 'decile'),
] -%}
{#- England has 32,482 areas by the boundaries of 2001 and 33,755 by those of 2021. -#}
{%- set ranges = {
    'age': (0, 25), 'month': (1, 12), 'record status': (0, 999), 'area rank': (1, 40000),
    'decile': (1, 10), 'deprivation score': (0, 100),
    'calendar year': plausible_birth_years()
} -%}
{%- set year_start = school_year_start(
    'census._suffix_year', 'academic_year_start'
) %}
with checked as {{ computed_once() }} (
    {{ checked_texts(source('raw', 'census'), columns, ranges) }}
),

final as (
    select
        {{ identifier('census.PupilMatchingRefAnonymous', 'pupil_id') }} as pupil_id,
        {{ identifier('census.MoJUID', 'moj_uid') }} as moj_uid,
        {{ academic_year_label(year_start) }} as academic_year,
        {{ year_start }} as academic_year_start,
        {{ year_start }} + 1 as academic_year_end,
        record_status.integer_value as record_status,
        census_date.date_value as census_date,
        is_on_roll.flag_value as is_on_roll,
        enrolment_status_code.text_value as enrolment_status_code,
        nc_year_code.text_value as nc_year_code,
        year_of_birth.integer_value as year_of_birth,
        month_of_birth.integer_value as month_of_birth,
        age_at_start_of_year.integer_value as age_at_start_of_year,
        gender_code.text_value as gender_code,
        ethnic_group_major_code.text_value as ethnic_group_major_code,
        ethnic_group_minor_code.text_value as ethnic_group_minor_code,
        is_free_meals.flag_value as is_free_meals,
        is_free_meals_6_years.flag_value as is_free_meals_6_years,
        is_free_meals_6_years_premium.flag_value as is_free_meals_6_years_premium,
        is_ever_free_meals.flag_value as is_ever_free_meals,
        sen_code.text_value as sen_code,
        sen_group_code.text_value as sen_group_code,
        primary_sen_type_code.text_value as primary_sen_type_code,
        local_authority_code.text_value as local_authority_code,
        local_authority_ons_code.text_value as local_authority_ons_code,
        home_local_authority_code.text_value as home_local_authority_code,
        home_local_authority_ons_code.text_value as home_local_authority_ons_code,
        school_urn.text_value as school_urn,
        deprivation_score.number_value as deprivation_score,
        deprivation_rank.integer_value as deprivation_rank,
        deprivation_decile.integer_value as deprivation_decile,
        pupil_id.issue as pupil_id_issue,
        moj_uid.issue as moj_uid_issue,
        {{ school_year_issue('census._suffix_year', 'academic_year_start') }}
            as academic_year_start_issue,
        record_status.issue as record_status_issue,
        census_date.issue as census_date_issue,
        is_on_roll.issue as is_on_roll_issue,
        year_of_birth.issue as year_of_birth_issue,
        month_of_birth.issue as month_of_birth_issue,
        age_at_start_of_year.issue as age_at_start_of_year_issue,
        is_free_meals.issue as is_free_meals_issue,
        is_free_meals_6_years.issue as is_free_meals_6_years_issue,
        is_free_meals_6_years_premium.issue as is_free_meals_6_years_premium_issue,
        is_ever_free_meals.issue as is_ever_free_meals_issue,
        deprivation_score.issue as deprivation_score_issue,
        deprivation_rank.issue as deprivation_rank_issue,
        deprivation_decile.issue as deprivation_decile_issue,
        census._source_file,
        census._source_line,
        census._source_row
    from {{ source('raw', 'census') }} as census
    {{ join_readings('census', 'checked', columns, ranges) }}
)

select * from final
