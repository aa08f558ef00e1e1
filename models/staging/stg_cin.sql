{#- Nobody has had a negative number of plans, and hardly anybody more than twenty. An
    unborn child is -1, and help may go on until 25. -#}
{%- set ranges = {'plans': (0, 20), 'age': (-1, 25)} -%}
{%- set columns = [
    ('pupil_id', 'CIN_PupilMatchingRefAnonymous', 'identifier'),
    ('moj_uid', 'MoJUID', 'identifier'),
    ('academic_year_start', 'CIN_ACADYR', 'academic year'),
    ('is_referral_nfa', 'CIN_ReferralNFA', 'flag'),
    ('is_child_in_need_31_march', 'CIN_CINat31March', 'flag'),
    ('number_of_previous_cpp', 'CIN_NumberOfPreviousCPP', 'plans'),
    ('age_start_of_cin_period', 'CIN_AgeStartOfCINPeriod', 'age'),
    ('age_end_of_cin_period', 'CIN_AgeEndOfCINPeriod', 'age'),
    ('referral_date', 'CIN_ReferralDate', 'date'),
    ('closure_date', 'CIN_CINClosureDate', 'date'),
    ('cpp_start_date', 'CIN_CPPstartDate', 'date'),
    ('cpp_end_date', 'CIN_CPPendDate', 'date'),
    ('category_of_abuse_code', 'CIN_CategoryOfAbuse', 'code'),
    ('initial_category_of_abuse_code', 'CIN_InitialCategoryOfAbuse', 'code'),
    ('latest_category_of_abuse_code', 'CIN_LatestCategoryOfAbuse', 'code'),
    ('primary_need_code', 'CIN_PrimaryNeedCode', 'code'),
    ('reason_for_closure_code', 'CIN_ReasonForClosure', 'code'),
    ('referral_source_code', 'CIN_ReferralSource', 'code'),
    ('local_authority_code', 'CIN_LA', 'code'),
    ('assessment_factors', 'CIN_AssessmentFactors', 'text'),
] -%}
{#- Help may go on until 25, so no referral is longer ago than that. -#}
{%- set is_early_referral = is_too_early(
    'referral_date.date_value', 'academic_year_start.integer_value + 1', years=25
) -%}
{#- A plan is for a child. -#}
{%- set is_early_plan = is_too_early(
    'cpp_start_date.date_value', 'academic_year_start.integer_value + 1', years=19
) -%}
{%- set is_early_plan_end = is_too_early(
    'cpp_end_date.date_value', 'academic_year_start.integer_value + 1', years=19
) -%}
with checked as {{ computed_once() }} (
    {{ checked_texts(source('raw', 'cin'), columns, ranges) }}
),

final as (
    select
        {{ identifier('cin.CIN_PupilMatchingRefAnonymous', 'pupil_id') }} as pupil_id,
        {{ identifier('cin.MoJUID', 'moj_uid') }} as moj_uid,
        {{ academic_year_label('academic_year_start.integer_value') }} as academic_year,
        academic_year_start.integer_value as academic_year_start,
        academic_year_start.integer_value + 1 as academic_year_end,
        is_referral_nfa.flag_value as is_referral_nfa,
        is_child_in_need_31_march.flag_value as is_child_in_need_31_march,
        is_child_in_need_31_march.issue is not null as has_unreadable_31_march_flag,
        is_referral_nfa.issue is not null as has_unreadable_nfa_flag,
        category_of_abuse_code.text_value as category_of_abuse_code,
        initial_category_of_abuse_code.text_value as initial_category_of_abuse_code,
        latest_category_of_abuse_code.text_value as latest_category_of_abuse_code,
        {{ recode('primary_need_code.text_value', 'need_recode') }}
            as primary_need_code,
        {{ recode('reason_for_closure_code.text_value', 'closure_recode') }}
            as reason_for_closure_code,
        number_of_previous_cpp.integer_value as number_of_previous_cpp,
        age_start_of_cin_period.integer_value as age_start_of_cin_period,
        age_end_of_cin_period.integer_value as age_end_of_cin_period,
        {{ date_unless(is_early_referral, 'referral_date') }} as referral_date,
        closure_date.date_value as closure_date,
        {{ date_unless(is_early_plan, 'cpp_start_date') }} as cpp_start_date,
        {{ date_unless(is_early_plan_end, 'cpp_end_date') }} as cpp_end_date,
        referral_source_code.text_value as referral_source_code,
        local_authority_code.text_value as local_authority_code,
        assessment_factors.text_value as assessment_factors,
        pupil_id.issue as pupil_id_issue,
        moj_uid.issue as moj_uid_issue,
        academic_year_start.issue as academic_year_start_issue,
        is_referral_nfa.issue as is_referral_nfa_issue,
        is_child_in_need_31_march.issue as is_child_in_need_31_march_issue,
        number_of_previous_cpp.issue as number_of_previous_cpp_issue,
        age_start_of_cin_period.issue as age_start_of_cin_period_issue,
        age_end_of_cin_period.issue as age_end_of_cin_period_issue,
        {{ issue_unless(is_early_referral, 'referral_date') }} as referral_date_issue,
        closure_date.issue as closure_date_issue,
        {{ issue_unless(is_early_plan, 'cpp_start_date') }} as cpp_start_date_issue,
        {{ issue_unless(is_early_plan_end, 'cpp_end_date') }} as cpp_end_date_issue,
        {{ recode_issue('need_recode') }} as primary_need_code_issue,
        {{ recode_issue('closure_recode') }} as reason_for_closure_code_issue,
        cin._source_file,
        cin._source_line,
        cin._source_row
    from {{ source('raw', 'cin') }} as cin
    {{ join_readings('cin', 'checked', columns, ranges) }}
    {{ join_recodes(
        ref('code_recodes'), 'cin', 'primary_need_code', 'need_recode',
        'primary_need_code.text_value'
    ) }}
    {{ join_recodes(
        ref('code_recodes'), 'cin', 'reason_for_closure_code', 'closure_recode',
        'reason_for_closure_code.text_value'
    ) }}
)

select * from final
