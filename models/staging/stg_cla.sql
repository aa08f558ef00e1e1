{%- set columns = [
    ('academic_year_start', 'CLA_ACADYR', 'academic year'),
    ('processing_year', 'CLA_PROCESSING_YEAR', 'calendar year'),
    ('period_of_care_start_date', 'CLA_POC_START', 'date'),
    ('period_of_care_length', 'CLA_POC_LENGTH', 'number'),
    ('episode_start_date', 'CLA_DATE_EPI_COMM', 'date'),
    ('episode_end_date', 'CLA_DATE_EPI_CEASED', 'date'),
    ('is_looked_after_31_march', 'CLA_CLA_31_MARCH', 'flag'),
    ('is_looked_after_6_months', 'CLA_CLA_6_MONTHS', 'flag'),
    ('is_looked_after_12_months', 'CLA_CLA_12_MONTHS', 'flag'),
    ('placement_code', 'CLA_PLACEMENT', 'code'),
    ('legal_status_code', 'CLA_LEGAL_STATUS', 'code'),
    ('delivered_reason_episode_ceased_code', 'CLA_REC', 'code'),
    ('category_of_need_code', 'CLA_CAT_NEED', 'code'),
    ('reason_place_change_code', 'CLA_REASON_PLACE_CHANGE', 'code'),
    ('reason_new_episode_code', 'CLA_RNE', 'code'),
    ('local_authority_code', 'CLA_CLA_LA', 'code'),
    ('episode_index', 'CLA_EPI_IDX', 'code'),
] -%}
with cla as (
    select * from {{ source('raw', 'cla') }}
),

readings as (
    select * from {{ read_texts('cla', columns, ranges={}) }}
),

typed as (
    select
        staging.read_identifier(cla.CLA_PupilMatchingRefAnonymous) as pupil_id,
        staging.read_identifier(cla.MoJUID) as moj_uid,
        cla.CLA_PupilMatchingRefAnonymous as delivered_pupil_id,
        cla.MoJUID as delivered_moj_uid,
        {% for name, delivered, kind in columns %}
        {{ name }}.{{ value_column(kind) }} as {{ name }},
        {% if kind != 'code' %}
        {{ name }}.issue as {{ name }}_issue,
        {% endif %}
        {% endfor %}
        cla._source_file,
        cla._source_line,
        cla._source_row
    from cla
    {% for name, delivered, kind in columns %}
    left join readings as {{ name }}
        on {{ name }}.kind = '{{ kind }}' and cla.{{ delivered }} = {{ name }}.delivered_text
    {% endfor %}
),

-- A row whose academic year cannot be read still says in which year it was reported.
dated as (
    select
        *,
        coalesce(academic_year_start + 1, processing_year) as reporting_year,
        -- Nobody is looked after for longer than a childhood.
        {{ reporting_year_end(
            'coalesce(academic_year_start + 1, processing_year) - 19'
        ) }} as earliest_start_date
    from typed
),

final as (
    select
        dated.pupil_id,
        dated.moj_uid,
        {{ academic_year_label('dated.academic_year_start') }} as academic_year,
        dated.academic_year_start,
        dated.academic_year_start + 1 as academic_year_end,
        dated.processing_year,
        dated.reporting_year,
        {{ not_before('dated.episode_start_date', 'dated.earliest_start_date') }}
            as episode_start_date,
        dated.episode_end_date,
        {{ not_before('dated.period_of_care_start_date', 'dated.earliest_start_date') }}
            as period_of_care_start_date,
        dated.period_of_care_length,
        dated.is_looked_after_31_march,
        dated.is_looked_after_31_march_issue is not null
            as has_unreadable_31_march_flag,
        dated.is_looked_after_6_months,
        dated.is_looked_after_12_months,
        dated.placement_code,
        dated.legal_status_code,
        {{ recode('dated.delivered_reason_episode_ceased_code', 'reason_recode') }}
            as reason_episode_ceased_code,
        dated.category_of_need_code,
        dated.reason_place_change_code,
        dated.reason_new_episode_code,
        dated.local_authority_code,
        dated.episode_index,
        case
            when dated.pupil_id is null
                then staging.identifier_issue(dated.delivered_pupil_id)
        end as pupil_id_issue,
        case
            when dated.moj_uid is null
                then staging.identifier_issue(dated.delivered_moj_uid)
        end as moj_uid_issue,
        dated.academic_year_start_issue,
        dated.processing_year_issue,
        {{ issue_if_before('dated.episode_start_date', 'dated.earliest_start_date') }}
            as episode_start_date_issue,
        dated.episode_end_date_issue,
        {{ issue_if_before(
            'dated.period_of_care_start_date', 'dated.earliest_start_date'
        ) }} as period_of_care_start_date_issue,
        dated.period_of_care_length_issue,
        dated.is_looked_after_31_march_issue,
        dated.is_looked_after_6_months_issue,
        dated.is_looked_after_12_months_issue,
        {{ recode_issue('reason_recode') }} as reason_episode_ceased_code_issue,
        dated._source_file,
        dated._source_line,
        dated._source_row
    from dated
    {{ join_recodes('cla', 'reason_episode_ceased_code', 'reason_recode', 'dated') }}
)

select * from final
