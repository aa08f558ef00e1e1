{#- Nobody has had a negative number of plans, and hardly anybody more than twenty. An
    unborn child is -1, and help may go on until 25. -#}
{%- set ranges = [
    ('number_of_previous_cpp', 0, 20),
    ('age_start_of_cin_period', -1, 25),
    ('age_end_of_cin_period', -1, 25),
] -%}
-- Blanks come in many shapes; from here on there is one, NULL. A text that cannot be
-- read as what its column holds is NULL as well, beside what was delivered.
with typed as (
    select *
    from {{ read_columns(
        source('raw', 'cin'),
        [
            ('pupil_id', 'CIN_PupilMatchingRefAnonymous', 'identifier'),
            ('moj_uid', 'MoJUID', 'identifier'),
            ('academic_year_start', 'CIN_ACADYR', 'academic year'),
            ('is_referral_nfa', 'CIN_ReferralNFA', 'flag'),
            ('is_child_in_need_31_march', 'CIN_CINat31March', 'flag'),
            ('number_of_previous_cpp', 'CIN_NumberOfPreviousCPP', 'integer'),
            ('age_start_of_cin_period', 'CIN_AgeStartOfCINPeriod', 'integer'),
            ('age_end_of_cin_period', 'CIN_AgeEndOfCINPeriod', 'integer'),
            ('referral_date', 'CIN_ReferralDate', 'date'),
            ('closure_date', 'CIN_CINClosureDate', 'date'),
            ('cpp_start_date', 'CIN_CPPstartDate', 'date'),
            ('cpp_end_date', 'CIN_CPPendDate', 'date'),
            ('category_of_abuse_code', 'CIN_CategoryOfAbuse', 'code'),
            ('initial_category_of_abuse_code', 'CIN_InitialCategoryOfAbuse', 'code'),
            ('latest_category_of_abuse_code', 'CIN_LatestCategoryOfAbuse', 'code'),
            ('delivered_primary_need_code', 'CIN_PrimaryNeedCode', 'code'),
            ('delivered_reason_for_closure_code', 'CIN_ReasonForClosure', 'code'),
            ('referral_source_code', 'CIN_ReferralSource', 'code'),
            ('local_authority_code', 'CIN_LA', 'code'),
            ('assessment_factors', 'CIN_AssessmentFactors', 'text'),
        ],
        kept=['_source_file', '_source_line', '_source_row']
    ) }}
),

recoded as (
    select
        typed.*,
        {{ recode('typed.delivered_primary_need_code', 'need_recode') }}
            as primary_need_code,
        {{ recode('typed.delivered_reason_for_closure_code', 'closure_recode') }}
            as reason_for_closure_code
    from typed
    {{ join_recodes('cin', 'primary_need_code', 'need_recode', 'typed') }}
    {{ join_recodes('cin', 'reason_for_closure_code', 'closure_recode', 'typed') }}
),

final as (
    select
        pupil_id,
        moj_uid,
        {{ academic_year_label('academic_year_start') }} as academic_year,
        academic_year_start,
        academic_year_start + 1 as academic_year_end,
        is_referral_nfa,
        is_child_in_need_31_march,
        is_child_in_need_31_march is null and is_child_in_need_31_march_text is not null
            as has_unreadable_31_march_flag,
        is_referral_nfa is null and is_referral_nfa_text is not null
            as has_unreadable_nfa_flag,
        category_of_abuse_code,
        initial_category_of_abuse_code,
        latest_category_of_abuse_code,
        primary_need_code,
        reason_for_closure_code,
        {% for column, lowest, highest in ranges %}
        {{ plausible_number(column, lowest, highest) }} as {{ column }},
        {% endfor %}
        {{ plausible_date('referral_date') }} as referral_date,
        {{ plausible_date('closure_date') }} as closure_date,
        {{ plausible_date('cpp_start_date') }} as cpp_start_date,
        {{ plausible_date('cpp_end_date') }} as cpp_end_date,
        referral_source_code,
        local_authority_code,
        assessment_factors,
        {{ value_issues(
            unreadable([
                'academic_year_start',
                'is_referral_nfa',
                'is_child_in_need_31_march',
                'number_of_previous_cpp',
                'age_start_of_cin_period',
                'age_end_of_cin_period',
                'referral_date',
                'closure_date',
                'cpp_start_date',
                'cpp_end_date',
            ])
            + implausible([
                'referral_date',
                'closure_date',
                'cpp_start_date',
                'cpp_end_date',
            ])
            + implausible_numbers(ranges)
            + recoded(['primary_need_code', 'reason_for_closure_code'])
            + [
                ('closure_date', 'before the referral', 'closure_date < referral_date'),
                (
                    'cpp_end_date',
                    'before the start of the plan',
                    plausible_date('cpp_end_date')
                    ~ ' < ' ~ plausible_date('cpp_start_date'),
                ),
            ]
        ) }} as value_issues,
        _source_file,
        _source_line,
        _source_row
    from recoded
)

select * from final
