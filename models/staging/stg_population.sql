{%- set columns = [
    ('year_of_birth', 'YearOfBirth', 'calendar year'),
    ('month_of_birth', 'MonthOfBirth', 'month'),
    ('gender_code', 'Gender', 'code'),
    ('ethnic_group_major_code', 'EthnicGroupMajor', 'code'),
    ('local_authority_code', 'LA', 'code'),
] -%}
with population as (
    select * from {{ source('raw', 'population') }}
),

readings as (
    select * from {{ read_texts('population', columns, ranges={'month': (1, 12)}) }}
),

typed as (
    select
        staging.read_identifier(population.PupilMatchingRefAnonymous) as pupil_id,
        staging.read_identifier(population.MoJUID) as moj_uid,
        population.PupilMatchingRefAnonymous as delivered_pupil_id,
        population.MoJUID as delivered_moj_uid,
        {% for name, delivered, kind in columns %}
        {{ name }}.{{ value_column(kind) }} as {{ name }},
        {% if kind != 'code' %}
        {{ name }}.issue as {{ name }}_issue,
        {% endif %}
        {% endfor %}
        population._source_file,
        population._source_line,
        population._source_row
    from population
    {% for name, delivered, kind in columns %}
    left join readings as {{ name }}
        on
            {{ name }}.kind = '{{ kind }}'
            and population.{{ delivered }} = {{ name }}.delivered_text
    {% endfor %}
),

final as (
    select
        pupil_id,
        moj_uid,
        year_of_birth,
        month_of_birth,
        gender_code,
        ethnic_group_major_code,
        local_authority_code,
        case
            when pupil_id is null then staging.identifier_issue(delivered_pupil_id)
        end as pupil_id_issue,
        case
            when moj_uid is null then staging.identifier_issue(delivered_moj_uid)
        end as moj_uid_issue,
        year_of_birth_issue,
        month_of_birth_issue,
        _source_file,
        _source_line,
        _source_row
    from typed
)

select * from final
