{#- Nobody has had a negative number of plans, and hardly anybody more than twenty. An
    unborn child is -1, and help may go on until 25. -#}
{%- set ranges = {'plans': (0, 20), 'age': (-1, 25)} -%}
{%- set columns = [
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
    ('delivered_primary_need_code', 'CIN_PrimaryNeedCode', 'code'),
    ('delivered_reason_for_closure_code', 'CIN_ReasonForClosure', 'code'),
    ('referral_source_code', 'CIN_ReferralSource', 'code'),
    ('local_authority_code', 'CIN_LA', 'code'),
    ('assessment_factors', 'CIN_AssessmentFactors', 'text'),
] -%}
with cin as (
    select * from {{ source('raw', 'cin') }}
),

readings as (
    select * from {{ read_texts('cin', columns, ranges) }}
),

typed as (
    select
        staging.read_identifier(cin.CIN_PupilMatchingRefAnonymous) as pupil_id,
        staging.read_identifier(cin.MoJUID) as moj_uid,
        cin.CIN_PupilMatchingRefAnonymous as delivered_pupil_id,
        cin.MoJUID as delivered_moj_uid,
        {% for name, delivered, kind in columns %}
        {{ name }}.{{ value_column(kind) }} as {{ name }},
        {% if kind not in ('code', 'text') %}
        {{ name }}.issue as {{ name }}_issue,
        {% endif %}
        {% endfor %}
        cin._source_file,
        cin._source_line,
        cin._source_row
    from cin
    {% for name, delivered, kind in columns %}
    left join readings as {{ name }}
        on {{ name }}.kind = '{{ kind }}' and cin.{{ delivered }} = {{ name }}.delivered_text
    {% endfor %}
),

dated as (
    select
        *,
        -- Help may go on until 25, so no referral is longer ago than that.
        {{ reporting_year_end('academic_year_start + 1 - 25') }} as earliest_referral_date
    from typed
),

final as (
    select
        dated.pupil_id,
        dated.moj_uid,
        {{ academic_year_label('dated.academic_year_start') }} as academic_year,
        dated.academic_year_start,
        dated.academic_year_start + 1 as academic_year_end,
        dated.is_referral_nfa,
        dated.is_child_in_need_31_march,
        dated.is_child_in_need_31_march_issue is not null
            as has_unreadable_31_march_flag,
        dated.is_referral_nfa_issue is not null as has_unreadable_nfa_flag,
        dated.category_of_abuse_code,
        dated.initial_category_of_abuse_code,
        dated.latest_category_of_abuse_code,
        {{ recode('dated.delivered_primary_need_code', 'need_recode') }}
            as primary_need_code,
        {{ recode('dated.delivered_reason_for_closure_code', 'closure_recode') }}
            as reason_for_closure_code,
        dated.number_of_previous_cpp,
        dated.age_start_of_cin_period,
        dated.age_end_of_cin_period,
        {{ not_before('dated.referral_date', 'dated.earliest_referral_date') }}
            as referral_date,
        dated.closure_date,
        dated.cpp_start_date,
        dated.cpp_end_date,
        dated.referral_source_code,
        dated.local_authority_code,
        dated.assessment_factors,
        case
            when dated.pupil_id is null
                then staging.identifier_issue(dated.delivered_pupil_id)
        end as pupil_id_issue,
        case
            when dated.moj_uid is null
                then staging.identifier_issue(dated.delivered_moj_uid)
        end as moj_uid_issue,
        dated.academic_year_start_issue,
        dated.is_referral_nfa_issue,
        dated.is_child_in_need_31_march_issue,
        dated.number_of_previous_cpp_issue,
        dated.age_start_of_cin_period_issue,
        dated.age_end_of_cin_period_issue,
        {{ issue_if_before('dated.referral_date', 'dated.earliest_referral_date') }}
            as referral_date_issue,
        dated.closure_date_issue,
        dated.cpp_start_date_issue,
        dated.cpp_end_date_issue,
        {{ recode_issue('need_recode') }} as primary_need_code_issue,
        {{ recode_issue('closure_recode') }} as reason_for_closure_code_issue,
        dated._source_file,
        dated._source_line,
        dated._source_row
    from dated
    {{ join_recodes('cin', 'primary_need_code', 'need_recode', 'dated') }}
    {{ join_recodes('cin', 'reason_for_closure_code', 'closure_recode', 'dated') }}
)

select * from final
