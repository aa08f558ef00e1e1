with delivered as (
    select * from {{ source('raw', 'cin') }}
),

-- Blanks come in many shapes; from here on there is one, NULL.
cleaned as (
    select
        {{ blank_to_null('CIN_PupilMatchingRefAnonymous') }} as pupil_id,
        {{ blank_to_null('MoJUID') }} as moj_uid,
        {{ blank_to_null('CIN_ACADYR') }} as academic_year_start_text,
        {{ blank_to_null('CIN_ReferralNFA') }} as is_referral_nfa_text,
        {{ blank_to_null('CIN_CINat31March') }} as is_child_in_need_31_march_text,
        {{ blank_to_null('CIN_NumberOfPreviousCPP') }} as number_of_previous_cpp_text,
        {{ blank_to_null('CIN_AgeStartOfCINPeriod') }} as age_start_of_cin_period_text,
        {{ blank_to_null('CIN_AgeEndOfCINPeriod') }} as age_end_of_cin_period_text,
        {{ blank_to_null('CIN_ReferralDate') }} as referral_date_text,
        {{ blank_to_null('CIN_CINClosureDate') }} as closure_date_text,
        {{ blank_to_null('CIN_CPPstartDate') }} as cpp_start_date_text,
        {{ blank_to_null('CIN_CPPendDate') }} as cpp_end_date_text,
        {{ clean_code(blank_to_null('CIN_CategoryOfAbuse')) }}
            as category_of_abuse_code,
        {{ clean_code(blank_to_null('CIN_InitialCategoryOfAbuse')) }}
            as initial_category_of_abuse_code,
        {{ clean_code(blank_to_null('CIN_LatestCategoryOfAbuse')) }}
            as latest_category_of_abuse_code,
        {{ clean_code(blank_to_null('CIN_PrimaryNeedCode')) }}
            as delivered_primary_need_code,
        {{ clean_code(blank_to_null('CIN_ReasonForClosure')) }}
            as delivered_reason_for_closure_code,
        {{ clean_code(blank_to_null('CIN_ReferralSource')) }} as referral_source_code,
        {{ clean_code(blank_to_null('CIN_LA')) }} as local_authority_code,
        {{ blank_to_null('CIN_AssessmentFactors') }} as assessment_factors,
        _source_file,
        _source_line,
        _source_row
    from delivered
),

recoded as (
    select
        cleaned.*,
        {{ recode('cleaned.delivered_primary_need_code', 'need_recode') }}
            as primary_need_code,
        {{ recode('cleaned.delivered_reason_for_closure_code', 'closure_recode') }}
            as reason_for_closure_code
    from cleaned
    {{ join_recodes('cin', 'primary_need_code', 'need_recode', 'cleaned') }}
    {{ join_recodes('cin', 'reason_for_closure_code', 'closure_recode', 'cleaned') }}
),

typed as (
    select
        *,
        {{ read_academic_year_start('academic_year_start_text') }}
            as academic_year_start,
        {{ read_flag('is_referral_nfa_text') }} as is_referral_nfa,
        {{ read_flag('is_child_in_need_31_march_text') }} as is_child_in_need_31_march,
        {{ read_integer('number_of_previous_cpp_text') }} as number_of_previous_cpp,
        {{ read_integer('age_start_of_cin_period_text') }} as age_start_of_cin_period,
        {{ read_integer('age_end_of_cin_period_text') }} as age_end_of_cin_period,
        {{ read_date('referral_date_text') }} as referral_date,
        {{ read_date('closure_date_text') }} as closure_date,
        {{ read_date('cpp_start_date_text') }} as cpp_start_date,
        {{ read_date('cpp_end_date_text') }} as cpp_end_date
    from recoded
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
        category_of_abuse_code,
        initial_category_of_abuse_code,
        latest_category_of_abuse_code,
        number_of_previous_cpp,
        primary_need_code,
        reason_for_closure_code,
        age_start_of_cin_period,
        age_end_of_cin_period,
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
            + recoded(['primary_need_code', 'reason_for_closure_code'])
            + [('closure_date', 'before the referral', 'closure_date < referral_date')]
        ) }} as value_issues,
        _source_file,
        _source_line,
        _source_row
    from typed
)

select * from final
