{%- set columns = [
    ('pupil_id', 'CLA_PupilMatchingRefAnonymous', 'identifier'),
    ('moj_uid', 'MoJUID', 'identifier'),
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
    ('reason_episode_ceased_code', 'CLA_REC', 'code'),
    ('category_of_need_code', 'CLA_CAT_NEED', 'code'),
    ('reason_place_change_code', 'CLA_REASON_PLACE_CHANGE', 'code'),
    ('reason_new_episode_code', 'CLA_RNE', 'code'),
    ('local_authority_code', 'CLA_CLA_LA', 'code'),
    ('episode_index', 'CLA_EPI_IDX', 'code'),
] -%}
{%- set ranges = {} -%}
{#- The processing year counts where the academic year cannot be read. -#}
{%- set reporting_year -%}
coalesce(academic_year_start.integer_value + 1, processing_year.integer_value)
{%- endset -%}
{#- Nobody is looked after for longer than a childhood. -#}
{%- set is_early_start = is_too_early(
    'episode_start_date.date_value', reporting_year, years=19
) -%}
{%- set is_early_period = is_too_early(
    'period_of_care_start_date.date_value', reporting_year, years=19
) -%}
with checked as {{ computed_once() }} (
    {{ checked_texts(source('raw', 'cla'), columns, ranges) }}
),

final as (
    select
        {{ identifier('cla.CLA_PupilMatchingRefAnonymous', 'pupil_id') }} as pupil_id,
        {{ identifier('cla.MoJUID', 'moj_uid') }} as moj_uid,
        {{ academic_year_label('academic_year_start.integer_value') }} as academic_year,
        academic_year_start.integer_value as academic_year_start,
        academic_year_start.integer_value + 1 as academic_year_end,
        processing_year.integer_value as processing_year,
        {{ reporting_year }} as reporting_year,
        {{ date_unless(is_early_start, 'episode_start_date') }} as episode_start_date,
        episode_end_date.date_value as episode_end_date,
        {{ date_unless(is_early_period, 'period_of_care_start_date') }}
            as period_of_care_start_date,
        period_of_care_length.number_value as period_of_care_length,
        is_looked_after_31_march.flag_value as is_looked_after_31_march,
        is_looked_after_31_march.issue is not null as has_unreadable_31_march_flag,
        is_looked_after_6_months.flag_value as is_looked_after_6_months,
        is_looked_after_12_months.flag_value as is_looked_after_12_months,
        placement_code.text_value as placement_code,
        legal_status_code.text_value as legal_status_code,
        {{ recode('reason_episode_ceased_code.text_value', 'reason_recode') }}
            as reason_episode_ceased_code,
        category_of_need_code.text_value as category_of_need_code,
        reason_place_change_code.text_value as reason_place_change_code,
        reason_new_episode_code.text_value as reason_new_episode_code,
        local_authority_code.text_value as local_authority_code,
        episode_index.text_value as episode_index,
        pupil_id.issue as pupil_id_issue,
        moj_uid.issue as moj_uid_issue,
        academic_year_start.issue as academic_year_start_issue,
        processing_year.issue as processing_year_issue,
        episode_end_date.issue as episode_end_date_issue,
        period_of_care_length.issue as period_of_care_length_issue,
        is_looked_after_31_march.issue as is_looked_after_31_march_issue,
        is_looked_after_6_months.issue as is_looked_after_6_months_issue,
        is_looked_after_12_months.issue as is_looked_after_12_months_issue,
        {{ issue_unless(is_early_start, 'episode_start_date') }}
            as episode_start_date_issue,
        {{ issue_unless(is_early_period, 'period_of_care_start_date') }}
            as period_of_care_start_date_issue,
        {{ recode_issue('reason_recode') }} as reason_episode_ceased_code_issue,
        cla._source_file,
        cla._source_line,
        cla._source_row
    from {{ source('raw', 'cla') }} as cla
    {{ join_readings('cla', 'checked', columns, ranges) }}
    {{ join_recodes(
        ref('code_recodes'), 'cla', 'reason_episode_ceased_code', 'reason_recode',
        'reason_episode_ceased_code.text_value'
    ) }}
)

select * from final
