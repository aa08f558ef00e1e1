with delivered as (
    select * from {{ source('raw', 'population') }}
),

-- Blanks come in many shapes; from here on there is one, NULL.
cleaned as (
    select
        {{ blank_to_null('PupilMatchingRefAnonymous') }} as pupil_id,
        {{ blank_to_null('MoJUID') }} as moj_uid,
        {{ blank_to_null('YearOfBirth') }} as year_of_birth_text,
        {{ blank_to_null('MonthOfBirth') }} as month_of_birth_text,
        {{ clean_code(blank_to_null('Gender')) }} as gender_code,
        {{ clean_code(blank_to_null('EthnicGroupMajor')) }} as ethnic_group_major_code,
        {{ clean_code(blank_to_null('LA')) }} as local_authority_code,
        _source_file,
        _source_line,
        _source_row
    from delivered
),

typed as (
    select
        *,
        {{ read_calendar_year('year_of_birth_text') }} as year_of_birth,
        {{ read_integer('month_of_birth_text') }} as month_of_birth
    from cleaned
),

final as (
    select
        pupil_id,
        moj_uid,
        year_of_birth,
        case when month_of_birth between 1 and 12 then month_of_birth end
            as month_of_birth,
        gender_code,
        ethnic_group_major_code,
        local_authority_code,
        {{ value_issues(
            unreadable(['year_of_birth', 'month_of_birth'])
            + [(
                'month_of_birth',
                'outside the plausible range',
                'month_of_birth not between 1 and 12',
            )]
        ) }} as value_issues,
        _source_file,
        _source_line,
        _source_row
    from typed
)

select * from final
