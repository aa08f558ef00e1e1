with delivered as (
    select * from {{ source('raw', 'cla') }}
),

-- Blanks come in many shapes; from here on there is one, NULL.
cleaned as (
    select
        {{ blank_to_null('CLA_PupilMatchingRefAnonymous') }} as pupil_id,
        {{ blank_to_null('MoJUID') }} as moj_uid,
        {{ blank_to_null('CLA_ACADYR') }} as academic_year_start_text,
        {{ blank_to_null('CLA_PROCESSING_YEAR') }} as processing_year_text,
        {{ blank_to_null('CLA_POC_START') }} as period_of_care_start_date_text,
        {{ blank_to_null('CLA_POC_LENGTH') }} as period_of_care_length_text,
        {{ blank_to_null('CLA_DATE_EPI_COMM') }} as episode_start_date_text,
        {{ blank_to_null('CLA_DATE_EPI_CEASED') }} as episode_end_date_text,
        {{ blank_to_null('CLA_CLA_31_MARCH') }} as is_looked_after_31_march_text,
        {{ blank_to_null('CLA_CLA_6_MONTHS') }} as is_looked_after_6_months_text,
        {{ blank_to_null('CLA_CLA_12_MONTHS') }} as is_looked_after_12_months_text,
        {{ clean_code(blank_to_null('CLA_PLACEMENT')) }} as placement_code,
        {{ clean_code(blank_to_null('CLA_LEGAL_STATUS')) }} as legal_status_code,
        {{ clean_code(blank_to_null('CLA_REC')) }}
            as delivered_reason_episode_ceased_code,
        {{ clean_code(blank_to_null('CLA_CAT_NEED')) }} as category_of_need_code,
        {{ clean_code(blank_to_null('CLA_REASON_PLACE_CHANGE')) }}
            as reason_place_change_code,
        {{ clean_code(blank_to_null('CLA_RNE')) }} as reason_new_episode_code,
        {{ clean_code(blank_to_null('CLA_CLA_LA')) }} as local_authority_code,
        {{ blank_to_null('CLA_EPI_IDX') }} as episode_index,
        _source_file,
        _source_line,
        _source_row
    from delivered
),

recoded as (
    select
        cleaned.*,
        {{ recode('cleaned.delivered_reason_episode_ceased_code', 'reason_recode') }}
            as reason_episode_ceased_code
    from cleaned
    {{ join_recodes('cla', 'reason_episode_ceased_code', 'reason_recode', 'cleaned') }}
),

typed as (
    select
        *,
        {{ read_academic_year_start('academic_year_start_text') }}
            as academic_year_start,
        {{ read_calendar_year('processing_year_text') }} as processing_year,
        {{ read_date('period_of_care_start_date_text') }} as period_of_care_start_date,
        {{ read_number('period_of_care_length_text') }} as period_of_care_length,
        {{ read_date('episode_start_date_text') }} as episode_start_date,
        {{ read_date('episode_end_date_text') }} as episode_end_date,
        {{ read_flag('is_looked_after_31_march_text') }} as is_looked_after_31_march,
        {{ read_flag('is_looked_after_6_months_text') }} as is_looked_after_6_months,
        {{ read_flag('is_looked_after_12_months_text') }} as is_looked_after_12_months
    from recoded
),

final as (
    select
        pupil_id,
        moj_uid,
        {{ academic_year_label('academic_year_start') }} as academic_year,
        academic_year_start,
        academic_year_start + 1 as academic_year_end,
        processing_year,
        -- A row whose academic year cannot be read still says in which year it was
        -- reported.
        coalesce(academic_year_start + 1, processing_year) as reporting_year,
        {{ plausible_date('episode_start_date') }} as episode_start_date,
        {{ plausible_date('episode_end_date') }} as episode_end_date,
        {{ plausible_date('period_of_care_start_date') }} as period_of_care_start_date,
        period_of_care_length,
        is_looked_after_31_march,
        is_looked_after_6_months,
        is_looked_after_12_months,
        placement_code,
        legal_status_code,
        reason_episode_ceased_code,
        category_of_need_code,
        reason_place_change_code,
        reason_new_episode_code,
        local_authority_code,
        episode_index,
        {{ value_issues(
            unreadable([
                'academic_year_start',
                'processing_year',
                'period_of_care_start_date',
                'period_of_care_length',
                'episode_start_date',
                'episode_end_date',
                'is_looked_after_31_march',
                'is_looked_after_6_months',
                'is_looked_after_12_months',
            ])
            + implausible([
                'period_of_care_start_date',
                'episode_start_date',
                'episode_end_date',
            ])
            + recoded(['reason_episode_ceased_code'])
            + [
                (
                    'processing_year',
                    'differs from the academic year',
                    'processing_year <> academic_year_start + 1',
                ),
                (
                    'episode_end_date',
                    'before the start of the episode',
                    'episode_end_date < episode_start_date',
                ),
                (
                    'episode_end_date',
                    'blank although a reason for the end is given',
                    "reason_episode_ceased_code <> '-10'"
                    ~ ' and episode_end_date_text is null',
                ),
                (
                    'period_of_care_start_date',
                    'after the start of the episode',
                    'period_of_care_start_date > episode_start_date',
                ),
            ]
        ) }} as value_issues,
        _source_file,
        _source_line,
        _source_row
    from typed
)

select * from final
