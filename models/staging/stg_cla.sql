-- Blanks come in many shapes; from here on there is one, NULL. A text that cannot be
-- read as what its column holds is NULL as well, beside what was delivered.
with typed as (
    select *
    from {{ read_columns(
        source('raw', 'cla'),
        [
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
            ('delivered_reason_episode_ceased_code', 'CLA_REC', 'code'),
            ('category_of_need_code', 'CLA_CAT_NEED', 'code'),
            ('reason_place_change_code', 'CLA_REASON_PLACE_CHANGE', 'code'),
            ('reason_new_episode_code', 'CLA_RNE', 'code'),
            ('local_authority_code', 'CLA_CLA_LA', 'code'),
            ('episode_index', 'CLA_EPI_IDX', 'identifier'),
        ],
        kept=['_source_file', '_source_line', '_source_row']
    ) }}
),

recoded as (
    select
        typed.*,
        {{ recode('typed.delivered_reason_episode_ceased_code', 'reason_recode') }}
            as reason_episode_ceased_code
    from typed
    {{ join_recodes('cla', 'reason_episode_ceased_code', 'reason_recode', 'typed') }}
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
        {{ plausible_period_start('period_of_care_start_date', 'episode_start_date') }}
            as period_of_care_start_date,
        period_of_care_length,
        is_looked_after_31_march,
        is_looked_after_31_march is null and is_looked_after_31_march_text is not null
            as has_unreadable_31_march_flag,
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
            + [(
                'period_of_care_start_date',
                'outside the plausible range',
                'period_of_care_start_date is not null and '
                ~ plausible_period_start('period_of_care_start_date', 'episode_start_date')
                ~ ' is null',
            )]
            + implausible(['episode_start_date', 'episode_end_date'])
            + recoded(['reason_episode_ceased_code'])
            + [
                (
                    'processing_year',
                    'differs from the academic year',
                    'processing_year <> academic_year_start + 1',
                ),
                (
                    'episode_start_date',
                    'after the end of the reporting year',
                    plausible_date('episode_start_date') ~ ' > ' ~ reporting_year_end(
                        'coalesce(academic_year_start + 1, processing_year)'
                    ),
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
    from recoded
)

select * from final
