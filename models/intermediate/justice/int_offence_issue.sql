{{ config(materialized='view') }}
with offence_rows as (
    select * from {{ without_catalog(ref('int_offence_row')) }}
),

{%- set issues = [
    (
        'pupil_id', 'pupil reference and moj_uid lead to different pupils',
        'is_link_disputed',
    ),
    ('moj_uid', 'belongs to several pupils', "link_type = 'none' and is_moj_uid_shared"),
    (
        'moj_uid', 'belongs to no pupil',
        "link_type = 'none' and not is_moj_uid_shared and moj_uid is not null",
    ),
    ('adjudication_code', 'sentence without a finding of guilt', 'is_sentence_without_guilt'),
    ('disposal_code', 'conviction of unknown severity', 'is_severity_assumed'),
    ('offence_number', 'one number for different offences', 'is_number_shared'),
] %}

-- A person with several rows of the same issue counts once.
final as (
    {% for column, issue, condition in issues %}
    select distinct
        '{{ column }}' as column_name,
        '{{ issue }}' as issue,
        pupil_id,
        moj_uid,
        cast(null as string) as academic_year
    from offence_rows
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final
