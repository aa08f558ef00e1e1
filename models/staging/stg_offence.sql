{#- Age is in years; the police record people of every age. -#}
{%- set ranges = {'age': (0, 110), 'rank': (1, 99)} -%}
{%- set columns = [
    ('pupil_id', 'PupilMatchingRefAnonymous', 'identifier'),
    ('moj_uid', 'MoJUID', 'identifier'),
    ('case_id', 'CaseID', 'identifier'),
    ('offence_number', 'OffenceID', 'identifier'),
    ('offence_date', 'OffenceStartDate', 'date'),
    ('recorded_age', 'OffenceStartAge', 'age'),
    ('is_primary', 'IsPrimaryOffence', 'flag'),
    ('disposal_rank', 'DisposalRank', 'rank'),
    ('adjudication_code', 'AdjudicationCode', 'code'),
    ('disposal_code', 'DisposalCode', 'code'),
    ('offence_group', 'OffenceGroup', 'text'),
    ('offence', 'Offence', 'text'),
    ('offence_type_code', 'OffenceType', 'code'),
    ('is_recorded_conviction', 'Conviction', 'flag'),
    ('conviction_date', 'ConvictionDate', 'date'),
] -%}
with checked as {{ computed_once() }} (
    {{ checked_texts(source('raw', 'offence'), columns, ranges) }}
),

final as (
    select
        {{ identifier('offence_row.pupilmatchingrefanonymous', 'pupil_id') }}
            as pupil_id,
        {{ identifier('offence_row.mojuid', 'moj_uid') }} as moj_uid,
        {{ identifier('offence_row.caseid', 'case_id') }} as case_id,
        {{ identifier('offence_row.offenceid', 'offence_number') }} as offence_number,
        offence_date.date_value as offence_date,
        recorded_age.integer_value as recorded_age,
        is_primary.flag_value as is_primary,
        disposal_rank.integer_value as disposal_rank,
        adjudication_code.text_value as adjudication_code,
        disposal_code.text_value as disposal_code,
        {{ leading_number('offence_group.text_value') }} as offence_group_code,
        offence.text_value as offence,
        offence_type_code.text_value as offence_type_code,
        is_recorded_conviction.flag_value as is_recorded_conviction,
        conviction_date.date_value as conviction_date,
        pupil_id.issue as pupil_id_issue,
        moj_uid.issue as moj_uid_issue,
        case_id.issue as case_id_issue,
        offence_number.issue as offence_number_issue,
        offence_date.issue as offence_date_issue,
        recorded_age.issue as recorded_age_issue,
        is_primary.issue as is_primary_issue,
        disposal_rank.issue as disposal_rank_issue,
        case
            when
                offence_group.text_value is not null
                and {{ leading_number('offence_group.text_value') }} is null
                then 'unreadable'
        end as offence_group_code_issue,
        is_recorded_conviction.issue as is_recorded_conviction_issue,
        conviction_date.issue as conviction_date_issue,
        offence_row._source_file,
        offence_row._source_line,
        offence_row._source_row
    from {{ source('raw', 'offence') }} as offence_row
    {{ join_readings('offence_row', 'checked', columns, ranges) }}
)

select * from final
