-- Blanks come in many shapes; from here on there is one, NULL. A text that cannot be
-- read as what its column holds is NULL as well, beside what was delivered.
with typed as (
    select *
    from {{ read_columns(
        source('raw', 'population'),
        [
            ('pupil_id', 'PupilMatchingRefAnonymous', 'identifier'),
            ('moj_uid', 'MoJUID', 'identifier'),
            ('year_of_birth', 'YearOfBirth', 'calendar year'),
            ('month_of_birth', 'MonthOfBirth', 'integer'),
            ('gender_code', 'Gender', 'code'),
            ('ethnic_group_major_code', 'EthnicGroupMajor', 'code'),
            ('local_authority_code', 'LA', 'code'),
        ],
        kept=['_source_file', '_source_line', '_source_row']
    ) }}
),

final as (
    select
        pupil_id,
        moj_uid,
        year_of_birth,
        {{ plausible_number('month_of_birth', 1, 12) }} as month_of_birth,
        gender_code,
        ethnic_group_major_code,
        local_authority_code,
        {{ value_issues(
            unreadable(['year_of_birth', 'month_of_birth'])
            + implausible_numbers([('month_of_birth', 1, 12)])
        ) }} as value_issues,
        _source_file,
        _source_line,
        _source_row
    from typed
)

select * from final
