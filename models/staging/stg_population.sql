{%- set columns = [
    ('pupil_id', 'PupilMatchingRefAnonymous', 'identifier'),
    ('moj_uid', 'MoJUID', 'identifier'),
    ('year_of_birth', 'YearOfBirth', 'calendar year'),
    ('month_of_birth', 'MonthOfBirth', 'month'),
    ('gender_code', 'Gender', 'code'),
    ('ethnic_group_major_code', 'EthnicGroupMajor', 'code'),
    ('local_authority_code', 'LA', 'code'),
] -%}
{%- set ranges = {'month': (1, 12), 'calendar year': plausible_birth_years()} -%}
with checked as {{ computed_once() }} (
    {{ checked_texts(source('raw', 'population'), columns, ranges) }}
),

final as (
    select
        {{ identifier('population.PupilMatchingRefAnonymous', 'pupil_id') }}
            as pupil_id,
        {{ identifier('population.MoJUID', 'moj_uid') }} as moj_uid,
        year_of_birth.integer_value as year_of_birth,
        month_of_birth.integer_value as month_of_birth,
        gender_code.text_value as gender_code,
        ethnic_group_major_code.text_value as ethnic_group_major_code,
        local_authority_code.text_value as local_authority_code,
        pupil_id.issue as pupil_id_issue,
        moj_uid.issue as moj_uid_issue,
        year_of_birth.issue as year_of_birth_issue,
        month_of_birth.issue as month_of_birth_issue,
        population._source_file,
        population._source_line,
        population._source_row
    from {{ source('raw', 'population') }} as population
    {{ join_readings('population', 'checked', columns, ranges) }}
)

select * from final
